import 'server-only'
import type { SessionData } from '@auth0/nextjs-auth0/types'
import { cookies } from 'next/headers'
import { redirect } from 'next/navigation'
import { NextRequest, NextResponse } from 'next/server'
import { roomFor } from './cookie-budget'
import { createSessionClient, failurePage, type SessionSettings, sessionCookieName } from './session-client'
import { signInPath } from './sign-in-path'

/** Longest path to which a sign-in returns, without the query, in characters. */
const MAX_RETURN_PATH_LENGTH = 256
/** Longest `returnTo` with its query, in bytes. This is the library's own limit, above which it returns to its home page. */
const MAX_RETURN_TO_BYTES = 2_048

/** The session of a person who is signed in to this application. Times are in seconds since the epoch. */
export interface Session {
  /** `provider|id` of the account. */
  userId: string
  /** When the person last signed in at the tenant; undefined if the tenant did not say. */
  authTime: number | undefined
  /** Whether they used a second factor in that sign-in. */
  hasUsedMfa: boolean
  /** How often they signed in again to use a second factor, and came back without having used one. */
  stepUpsWithoutFactor: number
  /**
   * When the session began. Connecting or disconnecting an account ends all sessions of the account that began before. Only
   * the session of that request goes on: `since` is then set to the time of the change.
   */
  since: number
  /** The `sid` of the session at the tenant, if the ID token has one. */
  sid: string | undefined
  /** Id of the organization that the person signed in to, if any. */
  organization: string | undefined
  /** The person's own token for the Management API with `LINKING_AUTHORITY=user`; otherwise empty. */
  accessToken: string
}

type ResponseCookies = ReturnType<NextResponse['cookies']['getAll']>

/** Sessions of this application. */
export interface Sessions {
  /**
   * Responds to a request for one of the session routes.
   *
   * The library would pass every query parameter of a sign-in on to the tenant, so a prepared link could choose the connection,
   * organization or audience of another person's sign-in. So only `returnTo` and `max_age=0` of a sign-in reach the library, and
   * all parameters of the callback.
   *
   * @param request - A request for which {@link isSessionRoute} is true.
   * @returns The library's response, or a redirect to our error page if that response is a server error.
   */
  handleSessionRoute(request: NextRequest): Promise<NextResponse>
  /** Whether the request has a session cookie. The cookie may be invalid or expired. */
  hasSessionCookie(request: NextRequest): boolean
  /**
   * The cookies that extend the request's session by another idle period; empty if there is no session.
   *
   * @param request - A request for a page, not for a session route.
   */
  extendSession(request: NextRequest): Promise<ResponseCookies>
  /**
   * The session of the current request, or undefined if there is no valid one.
   *
   * @param request - Needed in the middleware only, where Next.js does not provide the current request.
   */
  currentSession(request?: NextRequest): Promise<Session | undefined>
  /**
   * Changes the session, in a route handler or a server action. After connecting or disconnecting an account, change `since`, so
   * that only other sessions end.
   *
   * @param changes - `authTime` and `hasUsedMfa` after a new sign-in; `stepUpsWithoutFactor` if the tenant did not ask for a
   *   second factor in it; `since` after a change that ends older sessions.
   */
  renewSession(changes: SessionChanges): Promise<void>
  /**
   * The session of the request for which a page is rendered. Without a session, it redirects the person to sign in.
   *
   * @param returnTo - Path of the page, to which the sign-in returns.
   */
  requireSession(returnTo: string): Promise<Session>
}

/** The fields that {@link Sessions.renewSession} may change. */
export type SessionChanges = Partial<
  Pick<Session, 'authTime' | 'hasUsedMfa' | 'stepUpsWithoutFactor' | 'since'>
>

/** Makes the sessions of this installation, which are kept in cookies. */
export function createSessions(settings: SessionSettings): Sessions {
  const { appBaseUrl } = settings
  const client = createSessionClient(settings)
  const isSessionCookie = isSessionCookieOf(settings)

  // The library throws for a session of another tenant or one that it cannot decrypt. Both count as no session.
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
      // Append these lines last, because `cookies.set` writes all lines of the header again.
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
      // Pass a request and a response with separate cookie jars. Without them, the library writes each cookie twice into
      // Next.js's single jar, the second time without flags. Over TLS browsers then refuse the `__Host-` names, and the person
      // would be asked to sign in again and again. See docs/decisions/0032.
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

/** The routes of the session library that we serve. Its other routes are for features that this application does not use. */
const ROUTES = new Set(['/auth/login', '/auth/callback', '/auth/logout', '/auth/profile'])

/** Whether a request is for the sign-in, callback, sign-out or profile route. */
export function isSessionRoute(request: NextRequest): boolean {
  return request.method === 'GET' && ROUTES.has(request.nextUrl.pathname)
}

/** The URL of a session route, with only those query parameters that the library may see. */
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

/** The path or URL to which the sign-in that a request starts will return. */
const returnToOf = ({ searchParams }: URL) => searchParams.get('returnTo') ?? undefined

function isShortEnough(returnTo: string): boolean {
  const [path = ''] = returnTo.split('?', 1)
  return (
    path !== '' && path.length <= MAX_RETURN_PATH_LENGTH && Buffer.byteLength(returnTo) <= MAX_RETURN_TO_BYTES
  )
}

/**
 * The cookies that a response of the library sets and deletes. When Next.js adds further cookies, it reads the response's cookies
 * again and drops `Max-Age=0`. So a deletion also gets a date.
 */
function cookiesOf(answer: NextResponse): ResponseCookies {
  return answer.cookies
    .getAll()
    .map((cookie) => (cookie.value === '' ? { ...cookie, maxAge: 0, expires: new Date(0) } : cookie))
}

/** Makes the check for session cookies. The library splits a long session into numbered cookies. */
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
