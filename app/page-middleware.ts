import { NextRequest, NextResponse } from 'next/server'
import { services } from '@/app/_services'
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
import { pageWith } from '@/lib/sign-in-methods/notice'
import { refuse } from '@/lib/sign-in-methods/refuse'
import { readWayBack, WAY_BACK_HEADER, type WayBack, wayBackQuery, withWayBack } from '@/lib/way-back/carried'

/** Where answers of the tenant arrive: the route refuses an answer without a session, instead of sending the person to sign in. */
const CALLBACK = '/settings/connected-accounts/callback'
/** The pages that a person needs to take a way in out of their account. */
const LEADS_TO_CHANGE = new Set([
  '/settings/connected-accounts/disconnect',
  '/settings/connected-accounts/step-up',
])
/** Pages that need no session, because everything happens between browser and tenant. */
const BROWSER_LINKING: Record<string, BrowserLinkingPage> = {
  '/settings/connected-accounts/browser': 'opener',
  '/settings/connected-accounts/browser/callback': 'window',
}

/**
 * Mounts the session library, and gives every page its headers. Pages and actions decide themselves who may see or call them. Here a
 * missing session cookie only saves a render, a foreign origin gets a readable answer, and too many requests get a status that a page
 * could not set.
 */
export async function pageMiddleware(incoming: NextRequest): Promise<NextResponse> {
  const request = withOwnCookies(incoming)
  if (isSessionRoute(request)) {
    const response = withHeaders(await sessions().handleSessionRoute(request), plainHeaders(services()))
    if (request.nextUrl.pathname === '/auth/logout')
      response.headers.set('clear-site-data', '"cache", "storage"')
    return response
  }
  const { pathname } = request.nextUrl
  const browserLinking = services().browserLinkingClientId ? BROWSER_LINKING[pathname] : undefined
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
    // Answer here: a rewrite would use the request's own idea of its address.
    const { body, status, headers } = await refuse(services(), request, error)
    return new NextResponse(body, { status, headers })
  }
  // A server action that a script calls redirects its caller itself: the script would follow a redirect from here unseen.
  const isAnsweredThere = pathname === CALLBACK || request.headers.has('next-action')
  if (isSettings && !isAnsweredThere && !sessions().hasSessionCookie(request)) {
    const target = new URL(signInPath(withWayBack(pathname as `/${string}`, way)), services().appBaseUrl)
    return withChoice(withHeaders(NextResponse.redirect(target, 303), plainHeaders(services())), request)
  }
  if (isOutdated) {
    const target = new URL(withWayBack(pageWith({ refused: 'outdated' }), way), services().appBaseUrl)
    return withHeaders(NextResponse.redirect(target, 303), plainHeaders(services()))
  }
  const nonce = crypto.randomUUID()
  const headers = browserLinking
    ? browserLinkingHeaders(services(), nonce, browserLinking)
    : pageHeaders(services(), nonce, isSettings ? 'leads-out' : 'stays')
  // Next.js takes the nonce for its own scripts from the policy on the request.
  const forwarded = new Headers(request.headers)
  forwarded.set('content-security-policy', headers['content-security-policy'])
  forwarded.set(PAGE_QUERY, request.nextUrl.search)
  if (session?.organization) forwarded.set(ORGANIZATION, session.organization)
  else forwarded.delete(ORGANIZATION)
  if (way) forwarded.set(WAY_BACK_HEADER, wayBackQuery(way))
  else forwarded.delete(WAY_BACK_HEADER)
  const response = withHeaders(NextResponse.next({ request: { headers: forwarded } }), headers)
  // The old session must not overwrite what a server action or the callback writes into it.
  if (isSettings && isReading(request) && !isPrefetch(request) && pathname !== CALLBACK)
    for (const cookie of await sessions().extendSession(request)) response.cookies.set(cookie)
  return withChoice(response, request)
}

/**
 * The request with our own cookies only. Pages, handlers and the session library see no others: the framework returns what is passed
 * on here as `cookies()` and `headers()`. If {@link limitRequests} is active, it has done this already.
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
 * Passes a request that sends something only if it comes from a page of ours and holds no more than our forms do.
 *
 * @returns What it sends, if that is a form of several parts. The request's body can still be read afterwards.
 * @throws {LinkingError} `csrf`, `bad_request` if a form is too large or cannot be taken apart
 */
async function requireOwnForm(request: NextRequest): Promise<FormData | undefined> {
  assertSameOrigin(services().appBaseUrl, request)
  assertSmallForm(request)
  return readPartsForm(request)
}

/**
 * Counts a request for its session: the framework renders a page whatever the method, and every render costs calls of the
 * Management API, which are limited for the tenant as a whole. A request without a session passes.
 *
 * @throws {LinkingError} `rate_limited`
 */
async function assertSessionHasLeft(request: NextRequest, session: Session): Promise<void> {
  await assertSessionAllowed(services(), 'view', session)
  await assertCallsLeft(services().store, session, purposeOf(request))
}

/** Keeps the language that a request chooses. */
function withChoice(response: NextResponse, request: NextRequest): NextResponse {
  const cookie = isReading(request) && !isPrefetch(request) && choiceCookie(services(), request)
  if (cookie) response.headers.append('set-cookie', cookie)
  return response
}

/** The purpose of a request under `/settings`, as far as its first line and headers say. */
function purposeOf({ nextUrl: { pathname }, method, headers }: NextRequest): CallPurpose {
  const isForm = headers.get('content-type')?.startsWith('multipart/form-data') === true
  const isAction = method === 'POST' && (isForm || headers.has('next-action'))
  return isAction || LEADS_TO_CHANGE.has(pathname) ? 'change' : 'view'
}

/** The way back in the address of a request. One that cannot be read is logged, and goes no further. */
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
