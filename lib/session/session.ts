import 'server-only'
import { Auth0Client, filterDefaultIdTokenClaims } from '@auth0/nextjs-auth0/server'
import type { SessionData } from '@auth0/nextjs-auth0/types'
import { cookies } from 'next/headers'
import { redirect } from 'next/navigation'
import { NextRequest, NextResponse } from 'next/server'
import { config } from '@/lib/config/config'
import { isLoopback } from '@/lib/config/tenant-domain'
import { logEvent } from '@/lib/observability/log'
import { roomFor } from './cookie-budget'
import { type SignInFailure, toSignInFailure } from './sign-in-failure'

/** The page a person lands on after signing in, unless the sign-in was started for another. */
const HOME = '/settings/connected-accounts'
const MINUTE = 60
const HOUR = 60 * MINUTE
/** What the person's own token is to allow, where that is what links. */
const CURRENT_USER_SCOPES = 'read:current_user update:current_user_identities'
/** Longer than any session of a tenant, so it never asks anyone to sign in; but it makes the tenant say when they did. */
const MAX_SIGN_IN_AGE_SECONDS = 366 * 24 * HOUR

/** Longest claim that a session keeps beside the account's id, in bytes of JSON. */
const MAX_CLAIM_BYTES = 120
/** Longest path of ours that a sign-in comes back to, in characters. */
const MAX_RETURN_TO_LENGTH = 256

/** Who is signed in to this application. Times are seconds since the epoch. */
export interface Session {
  /** `provider|id` of the account. */
  userId: string
  /** When the person last showed who they are; undefined where the tenant did not say. */
  authTime: number | undefined
  /** Whether a second factor was used when they did. */
  hasUsedMfa: boolean
  /** How often they signed in once more for the second factor, and came back without it. */
  stepUpsWithoutFactor: number
  /** When the session began, or was renewed because of something its owner did. */
  since: number
  /** The tenant's name of its own session, where it gave one. */
  sid: string | undefined
  /** For the Management API in the person's own name, where that is what links. */
  accessToken: string
}

let instance: Auth0Client | undefined

// Made on first use: the build runs without an environment.
function client(): Auth0Client {
  instance ??= createClient()
  return instance
}

function createClient(): Auth0Client {
  const { appBaseUrl, auth0Domain, sessionClient, auth0Secret } = config()
  // The library keeps a port, and takes `localhost`, only where plain http is allowed. With an https origin it still calls
  // that origin over TLS. Every tenant that is not on this machine gets the strict way.
  const isLocal = isLoopback(auth0Domain.origin)
  return new Auth0Client({
    domain: isLocal ? auth0Domain.origin : auth0Domain.host,
    allowInsecureRequests: isLocal,
    appBaseUrl,
    clientId: sessionClient.id,
    clientSecret: sessionClient.secret,
    secret: auth0Secret,
    signInReturnToPath: HOME,
    authorizationParameters: { ...requestedAccess(), max_age: MAX_SIGN_IN_AGE_SECONDS },
    beforeSessionSaved: async (session) => withTimes(session),
    enableAccessTokenEndpoint: false,
    // The OpenID Connect way puts the ID token, and with it the address, into a URL.
    logoutStrategy: 'v2',
    session: {
      rolling: true,
      inactivityDuration: 30 * MINUTE,
      absoluteDuration: 8 * HOUR,
      cookie: { name: sessionCookieName(), sameSite: 'lax', path: '/' },
    },
    // Another host can write a cookie without the prefix, and so make a person finish another person's sign-in.
    transactionCookie: {
      prefix: hostOnly('__txn_', '__Host-txn_'),
      maxAge: 15 * MINUTE,
      sameSite: 'lax',
      path: '/',
    },
    onCallback: async (error, { returnTo }) => {
      if (!error) return NextResponse.redirect(ownAddress(returnTo), 303)
      const code = toSignInFailure(error)
      logEvent('sign_in_failed', { code, cause: error.code })
      return NextResponse.redirect(failurePage(code), 303)
    },
  })
}

/**
 * Where a sign-in comes back to. The library shortens what it was given to a path, and a path that begins with two slashes is
 * the address of another host: `/.//evil.example` becomes one.
 */
function ownAddress(returnTo: string | undefined): URL {
  const { appBaseUrl } = config()
  const target = returnTo && URL.canParse(returnTo, appBaseUrl) ? new URL(returnTo, appBaseUrl) : undefined
  return target?.origin === appBaseUrl ? target : new URL(HOME, appBaseUrl)
}

/** No offline_access: nothing here acts for a person who is not there. */
function requestedAccess(): { scope: string; audience?: string } {
  const { linkingAuthority, managementDomain } = config()
  const scope = 'openid profile email'
  if (linkingAuthority !== 'user') return { scope }
  return {
    scope: `${scope} ${CURRENT_USER_SCOPES}`,
    audience: `${managementDomain.origin}/api/v2/`,
  }
}

/** What the library keeps of a sign-in, when it was, and whether a second factor was used. */
function withTimes(session: SessionData): SessionData {
  const { auth_time, amr } = session.user
  const { accessToken, expiresAt } = session.tokenSet
  return {
    ...session,
    // What a cookie need not carry is left out: an ID token, and an access token that nothing is called with.
    tokenSet: { accessToken: config().linkingAuthority === 'user' ? accessToken : '', expiresAt },
    user: briefClaims(session.user),
    authTime: typeof auth_time === 'number' ? auth_time : undefined,
    hasUsedMfa: Array.isArray(amr) && amr.includes('mfa'),
    since: session.internal.createdAt,
  }
}

/** Claims about the person that are short: a name or the address of a picture can be as long as their owner likes. */
function briefClaims(claims: SessionData['user']): SessionData['user'] {
  const { sub, picture: _picture, ...others } = filterDefaultIdTokenClaims(claims)
  const short = Object.entries(others).filter(
    ([, value]) => Buffer.byteLength(JSON.stringify(value)) <= MAX_CLAIM_BYTES,
  )
  return { ...Object.fromEntries(short), sub }
}

const sessionCookieName = () => hostOnly('session', '__Host-session')

/** Browsers take a name with the prefix `__Host-`, which no other host can write, over TLS only. */
function hostOnly(plainName: string, secureName: string): string {
  return config().isSecure ? secureName : plainName
}

/** The routes of the session library that are mounted; its others serve features this application does not have. */
const ROUTES = new Set(['/auth/login', '/auth/callback', '/auth/logout', '/auth/profile'])

/** Whether a request is for the sign-in, callback, sign-out or profile route. */
export function isSessionRoute(request: NextRequest): boolean {
  return request.method === 'GET' && ROUTES.has(request.nextUrl.pathname)
}

/**
 * Answers one of the session routes.
 *
 * Of the query only the callback's, and the `returnTo` and `max_age=0` of a sign-in, reach the library: it would hand every parameter
 * on to the tenant, so that a link could choose the connection, organization or audience of someone else's sign-in.
 *
 * @param request - A request for which {@link isSessionRoute} holds.
 * @returns The library's answer; where that is an error text, a redirect to the page that says so.
 */
export async function handleSessionRoute(request: NextRequest): Promise<NextResponse> {
  const url = request.nextUrl.clone()
  if (url.pathname !== '/auth/callback') {
    const isSignIn = url.pathname === '/auth/login'
    const returnTo = isSignIn ? (url.searchParams.get('returnTo') ?? '') : ''
    const isFresh = isSignIn && url.searchParams.get('max_age') === '0'
    url.search = new URLSearchParams({
      ...(returnTo !== '' && returnTo.length <= MAX_RETURN_TO_LENGTH && { returnTo }),
      ...(isFresh && { max_age: '0' }),
    }).toString()
  }
  const response = await client().middleware(new NextRequest(url, { headers: request.headers }))
  const answer =
    response.status < 500 ? response : NextResponse.redirect(failurePage('tenant_unreachable'), 303)
  for (const cookie of cookiesOf(response)) answer.cookies.set(cookie)
  // Last: setting a cookie there writes all lines once more.
  for (const line of roomFor(request, answer.headers.getSetCookie()))
    answer.headers.append('set-cookie', line)
  return answer
}

/**
 * The cookies that an answer of the library sets and deletes. Next.js reads an answer's cookies a second time when it adds
 * others, and loses `Max-Age=0` on the way, so a deletion needs a date as well.
 */
function cookiesOf(answer: NextResponse): ReturnType<NextResponse['cookies']['getAll']> {
  return answer.cookies
    .getAll()
    .map((cookie) => (cookie.value === '' ? { ...cookie, maxAge: 0, expires: new Date(0) } : cookie))
}

/** Whether the request brings a session cookie. Says nothing about whose, or whether it still holds. */
export function hasSessionCookie(request: NextRequest): boolean {
  return request.cookies.getAll().some(isSessionCookie)
}

/** The library splits a long session into numbered cookies. */
function isSessionCookie({ name }: { name: string }): boolean {
  return name === sessionCookieName() || name.startsWith(`${sessionCookieName()}__`)
}

/**
 * The cookies that extend the request's session by another idle period; none where there is no session.
 *
 * @param request - A request for a page, not for a session route.
 */
export async function extendSession(
  request: NextRequest,
): Promise<ReturnType<NextResponse['cookies']['getAll']>> {
  return cookiesOf(await client().middleware(request))
}

/**
 * The session of the request being answered, or undefined where there is none that holds.
 *
 * @param request - In the middleware only, where the framework does not know it yet.
 */
export async function currentSession(request?: NextRequest): Promise<Session | undefined> {
  const session = await readSession(request)
  if (!session) return undefined
  const { user, internal, tokenSet, authTime, hasUsedMfa, stepUpsWithoutFactor, since } = session
  return {
    userId: user.sub,
    authTime: typeof authTime === 'number' ? authTime : undefined,
    hasUsedMfa: hasUsedMfa === true,
    stepUpsWithoutFactor: typeof stepUpsWithoutFactor === 'number' ? stepUpsWithoutFactor : 0,
    since: typeof since === 'number' ? since : internal.createdAt,
    sid: internal.sid || undefined,
    accessToken: tokenSet.accessToken,
  }
}

// A session of another tenant, or one that does not open, is no session.
async function readSession(request?: NextRequest): Promise<SessionData | null> {
  try {
    return await (request ? client().getSession(request) : client().getSession())
  } catch {
    return null
  }
}

/**
 * Gives the session a new value, in a route handler or a server action. Whatever its owner did just now does not end it.
 *
 * @param changes - `authTime`, `hasUsedMfa`: they have just signed in again, and how. `stepUpsWithoutFactor`: the tenant did not
 *   ask for the second factor then. `since`: sessions from before are over.
 */
export async function renewSession(
  changes: Partial<Pick<Session, 'authTime' | 'hasUsedMfa' | 'stepUpsWithoutFactor' | 'since'>>,
): Promise<void> {
  const session = await readSession()
  if (!session) return
  const jar = await cookies()
  const held = jar.getAll().filter(isSessionCookie)
  // Request and answer have jars of their own here. The library's call without them writes every cookie twice into Next.js's
  // one jar, the second time without its flags: over TLS browsers refuse `__Host-` names then, and the person is asked to sign
  // in again for ever. See docs/decisions/0032.
  const request = new NextRequest(config().appBaseUrl, {
    headers: { cookie: held.map(({ name, value }) => `${name}=${value}`).join('; ') },
  })
  const answer = new NextResponse()
  await client().updateSession(request, answer, { ...session, ...changes })
  for (const cookie of cookiesOf(answer)) jar.set(cookie)
}

/**
 * The session of the request being rendered; without one the person is sent to sign in and comes back.
 *
 * @param returnTo - Path of the page being rendered.
 */
export async function requireSession(returnTo: string): Promise<Session> {
  const session = await currentSession()
  return session ?? redirect(signInPath(returnTo))
}

/** Where a sign-in that comes back to `returnTo` starts. */
export function signInPath(returnTo: string): `/${string}` {
  return `/auth/login?${new URLSearchParams({ returnTo })}`
}

/** Where a sign-in starts in which the person shows anew who they are, whatever session the tenant has of them. */
export function freshSignInPath(returnTo: string): `/${string}` {
  return `/auth/login?${new URLSearchParams({ returnTo, max_age: '0' })}`
}

function failurePage(code: SignInFailure): URL {
  return new URL(`/sign-in-failed?code=${code}`, config().appBaseUrl)
}
