import { NextRequest, NextResponse } from 'next/server'
import { linkFlowServices } from '@/app/_services'
import { sessions } from '@/app/_sessions'
import { ORGANIZATION, PAGE_QUERY } from '@/app/page-query'
import { assertSmallForm, readPartsForm } from '@/lib/http/form-fields'
import { type BrowserLinkingPage, browserLinkingHeaders, pageHeaders, plainHeaders } from '@/lib/http/headers'
import { isPrefetch } from '@/lib/http/robots'
import { assertSameOrigin } from '@/lib/http/same-origin'
import { isFormOfAnotherBuild } from '@/lib/http/server-actions'
import { assertCallsLeft, type CallPurpose } from '@/lib/limits/call-limits'
import { choiceCookie } from '@/lib/messages/choice'
import { logEvent } from '@/lib/observability/log'
import { ownCookies } from '@/lib/session/cookies'
import { isSessionRoute, type Session } from '@/lib/session/session'
import { signInPath } from '@/lib/session/sign-in-path'
import { assertSessionAllowed } from '@/lib/sign-in-methods/limits'
import { pathWithNotice } from '@/lib/sign-in-methods/notice'
import { respondRefused } from '@/lib/sign-in-methods/refuse'
import { readWayBack, WAY_BACK_HEADER, type WayBack, wayBackQuery, withWayBack } from '@/lib/way-back/carried'

/**
 * The callback of the settings page. Without a session it shows an error, so the middleware must not redirect it to a sign-in.
 */
const CALLBACK = '/settings/connected-accounts/callback'
/** The paths that a person needs to remove a sign-in method from their account. */
const LEADS_TO_CHANGE = new Set([
  '/settings/connected-accounts/disconnect',
  '/settings/connected-accounts/step-up',
])
/** The two pages for linking in the browser alone. They need no session, because only browser and tenant take part. */
const BROWSER_LINKING: Record<string, BrowserLinkingPage> = {
  '/settings/connected-accounts/browser': 'opener',
  '/settings/connected-accounts/browser/callback': 'window',
}

/**
 * Runs the session library's routes, and sets the headers of every page. The access checks are in the pages and server actions
 * themselves. The middleware only adds to them: it redirects to a sign-in if there is no session cookie, which saves a render; it
 * shows an error page for a form of another origin; and it responds with 429, which a page could not do.
 */
export async function pageMiddleware(incoming: NextRequest): Promise<NextResponse> {
  const request = withOwnCookies(incoming)
  if (isSessionRoute(request)) {
    const response = withHeaders(
      await sessions().handleSessionRoute(request),
      plainHeaders(linkFlowServices()),
    )
    if (request.nextUrl.pathname === '/auth/logout')
      response.headers.set('clear-site-data', '"cache", "storage"')
    return response
  }
  const { pathname } = request.nextUrl
  const isConsole = pathname === '/console' || pathname.startsWith('/console/')
  const browserLinking = linkFlowServices().browserLinkingClientId ? BROWSER_LINKING[pathname] : undefined
  const isSettings = !browserLinking && (pathname === '/settings' || pathname.startsWith('/settings/'))
  const way = isSettings ? readableWayBack(request) : undefined
  let isOutdated: boolean
  let session: Session | undefined
  try {
    const form = isReading(request) ? undefined : await requireOwnForm(request)
    session = await sessions().currentSession(request)
    if (isSettings && pathname !== CALLBACK && session) await assertSessionHasLeft(request, session)
    const isPosted = isSettings && form !== undefined && !request.headers.has('next-action')
    isOutdated = isPosted && (await isFormOfAnotherBuild(form))
  } catch (error) {
    // Respond from here. A rewrite to an error page would depend on the request's own URL, which cannot be trusted.
    const { body, status, headers } = await respondRefused(linkFlowServices(), request, error)
    return new NextResponse(body, { status, headers })
  }
  // Let a server action that a script calls do the redirect itself. The script would follow a redirect from here without showing
  // it.
  const isAnsweredThere = pathname === CALLBACK || request.headers.has('next-action')
  if (isSettings && !isAnsweredThere && !sessions().hasSessionCookie(request)) {
    const target = new URL(
      signInPath(withWayBack(pathname as `/${string}`, way)),
      linkFlowServices().appBaseUrl,
    )
    return withChoice(
      withHeaders(NextResponse.redirect(target, 303), plainHeaders(linkFlowServices())),
      request,
    )
  }
  if (isOutdated) {
    const target = new URL(
      withWayBack(pathWithNotice({ refused: 'outdated' }), way),
      linkFlowServices().appBaseUrl,
    )
    return withHeaders(NextResponse.redirect(target, 303), plainHeaders(linkFlowServices()))
  }
  const fromConsole = isConsole ? await consoleResponse(request) : undefined
  if (fromConsole) return new NextResponse(fromConsole.body, fromConsole)
  const nonce = crypto.randomUUID()
  const headers = browserLinking
    ? browserLinkingHeaders(linkFlowServices(), nonce, browserLinking)
    : pageHeaders(linkFlowServices(), nonce, isSettings ? 'leads-out' : 'stays')
  // Next.js takes the nonce for its own scripts from the content security policy in the request headers.
  const forwarded = new Headers(request.headers)
  forwarded.set('content-security-policy', headers['content-security-policy'])
  forwarded.set(PAGE_QUERY, request.nextUrl.search)
  if (session?.organization) forwarded.set(ORGANIZATION, session.organization)
  else forwarded.delete(ORGANIZATION)
  if (way) forwarded.set(WAY_BACK_HEADER, wayBackQuery(way))
  else forwarded.delete(WAY_BACK_HEADER)
  const response = withHeaders(NextResponse.next({ request: { headers: forwarded } }), headers)
  // Extend the session only for page views. Otherwise the old session could overwrite what a server action or the callback
  // writes.
  if (isSettings && isReading(request) && !isPrefetch(request) && pathname !== CALLBACK)
    for (const cookie of await sessions().extendSession(request)) response.cookies.set(cookie)
  return withChoice(response, request)
}

/**
 * The console's response; undefined if this requester may not see a page at this URL. Next.js then responds as it does to
 * any unknown URL. The console is not a Next.js route, because every page that Next.js renders names its route: even a
 * "not found" page would reveal that the console exists.
 */
async function consoleResponse(request: NextRequest): Promise<Response | undefined> {
  // Load the console's code only when its URL is requested.
  const { respond } = await import('@/app/_console/respond')
  return respond(request)
}

/**
 * Removes from a request all cookies that are not ours. Pages, handlers and the session library then see only ours, because
 * Next.js takes `cookies()` and `headers()` from the request that the middleware passes on. If `limitRequests` is active, it has
 * already removed them.
 */
function withOwnCookies(request: NextRequest): NextRequest {
  const cookies = request.headers.get('cookie') ?? ''
  const own = ownCookies(cookies)
  if (own === cookies) return request
  const headers = new Headers(request.headers)
  if (own) headers.set('cookie', own)
  else headers.delete('cookie')
  return new NextRequest(request, { headers })
}

/**
 * Refuses a request with a body that does not come from one of our pages, or that is larger than any of our forms.
 *
 * @returns The form, if it is multipart. The request's body can still be read afterwards.
 * @throws {LinkingError} `csrf`, or `bad_request` if a form is too large or cannot be parsed.
 */
async function requireOwnForm(request: NextRequest): Promise<FormData | undefined> {
  assertSameOrigin(linkFlowServices().appBaseUrl, request)
  assertSmallForm(request)
  return readPartsForm(request)
}

/**
 * Counts a request against the limits of its session, whatever its method: Next.js renders the page for every method, and
 * each render causes Management API calls, which are limited for the whole tenant.
 *
 * @throws {LinkingError} `rate_limited`
 */
async function assertSessionHasLeft(request: NextRequest, session: Session): Promise<void> {
  await assertSessionAllowed(linkFlowServices(), 'view', session)
  await assertCallsLeft(linkFlowServices().store, session, purposeOf(request))
}

/** Sets the cookie that remembers the language, if the request chooses one. */
function withChoice(response: NextResponse, request: NextRequest): NextResponse {
  const cookie = isReading(request) && !isPrefetch(request) && choiceCookie(linkFlowServices(), request)
  if (cookie) response.headers.append('set-cookie', cookie)
  return response
}

/** The purpose of a request under `/settings`, judged by its method, path and headers. */
function purposeOf({ nextUrl: { pathname }, method, headers }: NextRequest): CallPurpose {
  const isForm = headers.get('content-type')?.startsWith('multipart/form-data') === true
  const isAction = method === 'POST' && (isForm || headers.has('next-action'))
  return isAction || LEADS_TO_CHANGE.has(pathname) ? 'change' : 'view'
}

/** The return link in a request's URL. A return link that cannot be read is logged and dropped. */
function readableWayBack({ nextUrl }: NextRequest): WayBack | undefined {
  const read = readWayBack(nextUrl.searchParams)
  if (read?.ignored) logEvent('way_back_ignored', { reason: read.ignored })
  return read?.way
}

const isReading = ({ method }: NextRequest) => method === 'GET' || method === 'HEAD'

function withHeaders(response: NextResponse, headers: Record<string, string>): NextResponse {
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value)
  return response
}
