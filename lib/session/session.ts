import 'server-only'
import type { SessionData } from '@auth0/nextjs-auth0/types'
import { cookies } from 'next/headers'
import { redirect } from 'next/navigation'
import { NextRequest, NextResponse } from 'next/server'
import { roomFor } from './cookie-budget'
import { createSessionClient, failurePage, type SessionSettings, sessionCookieName } from './session-client'
import { signInPath } from './sign-in-path'

/** Longest path of ours that a sign-in comes back to, in characters. */
const MAX_RETURN_PATH_LENGTH = 256
/** Longest address with its query, in bytes: the library's own limit, above which it would come back to its home page. */
const MAX_RETURN_TO_BYTES = 2_048

/** Who is signed in to this application. Times are seconds since the epoch. */
export interface Session {
  /** `provider|id` of the account. */
  userId: string
  /** When the person last proved who they are; undefined if the tenant did not say. */
  authTime: number | undefined
  /** Whether a second factor was used when they did. */
  hasUsedMfa: boolean
  /** How often they signed in again for the second factor, and came back without it. */
  stepUpsWithoutFactor: number
  /** When the session began, or was last renewed because of something its owner did. */
  since: number
  /** The tenant's name of its own session, if it gave one. */
  sid: string | undefined
  /** Id of the organization that the person signed in to, if any. */
  organization: string | undefined
  /** For the Management API in the person's own name, if their own token links. */
  accessToken: string
}

type ResponseCookies = ReturnType<NextResponse['cookies']['getAll']>

/** Sessions of this application. */
export interface Sessions {
  /**
   * Answers one of the session routes.
   *
   * Of the query, only the parameters of the callback, and the `returnTo` and `max_age=0` of a sign-in, reach the library: it would
   * pass every parameter on to the tenant, so that a link could choose the connection, organization or audience of another
   * person's sign-in.
   *
   * @param request - A request for which {@link isSessionRoute} holds.
   * @returns The library's answer; if that is an error text, a redirect to the page that says so.
   */
  handleSessionRoute(request: NextRequest): Promise<NextResponse>
  /** Whether the request has a session cookie. Says nothing about whose it is, or whether it is still valid. */
  hasSessionCookie(request: NextRequest): boolean
  /**
   * The cookies that extend the request's session by another idle period; none if there is no session.
   *
   * @param request - A request for a page, not for a session route.
   */
  extendSession(request: NextRequest): Promise<ResponseCookies>
  /**
   * The session of the current request, or undefined if there is no valid one.
   *
   * @param request - In the middleware only, where the framework does not know it yet.
   */
  currentSession(request?: NextRequest): Promise<Session | undefined>
  /**
   * Gives the session a new value, in a route handler or a server action. What its owner did just now does not end it.
   *
   * @param changes - `authTime`, `hasUsedMfa`: they have just signed in again, and how. `stepUpsWithoutFactor`: the tenant did not
   *   ask for the second factor then. `since`: earlier sessions are over.
   */
  renewSession(changes: SessionChanges): Promise<void>
  /**
   * The session of the request that is rendered; without one the person is sent to sign in and comes back.
   *
   * @param returnTo - Path of the page that is rendered.
   */
  requireSession(returnTo: string): Promise<Session>
}

/** What a renewed session may change. */
export type SessionChanges = Partial<
  Pick<Session, 'authTime' | 'hasUsedMfa' | 'stepUpsWithoutFactor' | 'since'>
>

/** Sessions by cookie, for one installation. */
export function createSessions(settings: SessionSettings): Sessions {
  const { appBaseUrl } = settings
  const client = createSessionClient(settings)
  const isSessionCookie = isSessionCookieOf(settings)

  // A session of another tenant, or one that does not open, is no session.
  async function readSession(request?: NextRequest): Promise<SessionData | null> {
    try {
      return await (request ? client.getSession(request) : client.getSession())
    } catch {
      return null
    }
  }

  async function currentSession(request?: NextRequest): Promise<Session | undefined> {
    const session = await readSession(request)
    return session ? toSession(session) : undefined
  }

  return {
    async handleSessionRoute(request) {
      const url = withoutForeignQuery(request)
      const response = await client.middleware(new NextRequest(url, { headers: request.headers }))
      const answer =
        response.status < 500
          ? response
          : NextResponse.redirect(failurePage(appBaseUrl, 'tenant_unreachable', returnToOf(url)), 303)
      for (const cookie of cookiesOf(response)) answer.cookies.set(cookie)
      // Last: setting a cookie there writes all lines once more.
      for (const line of roomFor(settings, request, answer.headers.getSetCookie()))
        answer.headers.append('set-cookie', line)
      return answer
    },

    hasSessionCookie: (request) => request.cookies.getAll().some(isSessionCookie),

    extendSession: async (request) => cookiesOf(await client.middleware(request)),

    currentSession,

    async renewSession(changes) {
      const session = await readSession()
      if (!session) return
      const jar = await cookies()
      const held = jar.getAll().filter(isSessionCookie)
      // Request and answer have jars of their own here. The library's call without them writes every cookie twice into Next.js's
      // one jar, the second time without its flags: over TLS browsers refuse `__Host-` names then, and the person is asked to sign
      // in again for ever. See docs/decisions/0032.
      const request = new NextRequest(appBaseUrl, {
        headers: { cookie: held.map(({ name, value }) => `${name}=${value}`).join('; ') },
      })
      const answer = new NextResponse()
      await client.updateSession(request, answer, { ...session, ...changes })
      for (const cookie of cookiesOf(answer)) jar.set(cookie)
    },

    requireSession: async (returnTo) => (await currentSession()) ?? redirect(signInPath(returnTo)),
  }
}

/** The routes of the session library that are mounted; the others serve features that this application does not have. */
const ROUTES = new Set(['/auth/login', '/auth/callback', '/auth/logout', '/auth/profile'])

/** Whether a request is for the sign-in, callback, sign-out or profile route. */
export function isSessionRoute(request: NextRequest): boolean {
  return request.method === 'GET' && ROUTES.has(request.nextUrl.pathname)
}

/** The address of a session route, with only those parameters that the library may see. */
function withoutForeignQuery(request: NextRequest): NextRequest['nextUrl'] {
  const url = request.nextUrl.clone()
  if (url.pathname === '/auth/callback') return url
  const isSignIn = url.pathname === '/auth/login'
  const returnTo = isSignIn ? (url.searchParams.get('returnTo') ?? '') : ''
  const isFresh = isSignIn && url.searchParams.get('max_age') === '0'
  url.search = new URLSearchParams({
    ...(isShortEnough(returnTo) && { returnTo }),
    ...(isFresh && { max_age: '0' }),
  }).toString()
  return url
}

/** Where the sign-in that a request starts comes back to. */
const returnToOf = ({ searchParams }: URL) => searchParams.get('returnTo') ?? undefined

function isShortEnough(returnTo: string): boolean {
  const [path = ''] = returnTo.split('?', 1)
  return (
    path !== '' && path.length <= MAX_RETURN_PATH_LENGTH && Buffer.byteLength(returnTo) <= MAX_RETURN_TO_BYTES
  )
}

/**
 * The cookies that an answer of the library sets and deletes. Next.js reads an answer's cookies a second time when it adds
 * others, and loses `Max-Age=0` on the way, so a deletion needs a date as well.
 */
function cookiesOf(answer: NextResponse): ResponseCookies {
  return answer.cookies
    .getAll()
    .map((cookie) => (cookie.value === '' ? { ...cookie, maxAge: 0, expires: new Date(0) } : cookie))
}

/** The library splits a long session into numbered cookies. */
function isSessionCookieOf(settings: SessionSettings): (cookie: { name: string }) => boolean {
  const own = sessionCookieName(settings)
  return ({ name }) => name === own || name.startsWith(`${own}__`)
}

function toSession(session: SessionData): Session {
  const { user, internal, tokenSet, authTime, hasUsedMfa, stepUpsWithoutFactor, since } = session
  return {
    userId: user.sub,
    authTime: typeof authTime === 'number' ? authTime : undefined,
    hasUsedMfa: hasUsedMfa === true,
    stepUpsWithoutFactor: typeof stepUpsWithoutFactor === 'number' ? stepUpsWithoutFactor : 0,
    since: typeof since === 'number' ? since : internal.createdAt,
    sid: internal.sid || undefined,
    organization: typeof user.org_id === 'string' ? user.org_id : undefined,
    accessToken: tokenSet.accessToken,
  }
}
