import { NextRequest, NextResponse } from 'next/server'
import { services } from '@/app/_services'
import { sessions } from '@/app/_sessions'
import { assertReadableForm, assertSmallForm } from '@/lib/http/form-fields'
import { type BrowserLinkingPage, browserLinkingHeaders, pageHeaders, plainHeaders } from '@/lib/http/headers'
import { isPrefetch } from '@/lib/http/robots'
import { assertSameOrigin } from '@/lib/http/same-origin'
import { isFormOfAnotherBuild } from '@/lib/http/server-actions'
import { assertCallsLeft, type CallPurpose } from '@/lib/limits/call-limits'
import { ownCookies } from '@/lib/session/cookies'
import { isSessionRoute, signInPath } from '@/lib/session/session'
import { assertSessionAllowed } from '@/lib/sign-in-methods/limits'
import { pageWith } from '@/lib/sign-in-methods/notice'
import { refuse } from '@/lib/sign-in-methods/refuse'

/** Where answers of the tenant arrive: one that belongs to nobody here is refused there, not taken along to a sign-in. */
const CALLBACK = '/settings/connected-accounts/callback'
/** What a person needs to take a way in out of their account. */
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
 * Mounts the session library, and gives every page its headers. Whether someone may see a page or call an action is their own
 * decision; here a missing session cookie only saves a render, a foreign origin gets a readable answer, and whoever asks too often
 * is told so with a status that a page could not set.
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
  let isOutdated: boolean
  try {
    await assertAdmitted(request, isSettings && pathname !== CALLBACK)
    isOutdated = isSettings && !isReading(request) && (await isFormOfAnotherBuild(request))
  } catch (error) {
    // Made here: a rewrite would go by the request's own idea of where it came in.
    const { body, status, headers } = await refuse(services(), request, error)
    return new NextResponse(body, { status, headers })
  }
  // A server action that a script calls sends its caller on by itself: a redirect from here would be followed unseen.
  const isAnsweredThere = pathname === CALLBACK || request.headers.has('next-action')
  if (isSettings && !isAnsweredThere && !sessions().hasSessionCookie(request)) {
    const target = new URL(signInPath(pathname), services().appBaseUrl)
    return withHeaders(NextResponse.redirect(target, 303), plainHeaders(services()))
  }
  if (isOutdated) {
    const target = new URL(pageWith({ refused: 'outdated' }), services().appBaseUrl)
    return withHeaders(NextResponse.redirect(target, 303), plainHeaders(services()))
  }
  const nonce = crypto.randomUUID()
  const headers = browserLinking
    ? browserLinkingHeaders(services(), nonce, browserLinking)
    : pageHeaders(services(), nonce, isSettings ? 'leads-out' : 'stays')
  // Next.js takes the nonce for its own scripts from the policy on the request.
  const forwarded = new Headers(request.headers)
  forwarded.set('content-security-policy', headers['content-security-policy'])
  const response = withHeaders(NextResponse.next({ request: { headers: forwarded } }), headers)
  // What a server action or the callback writes into the session must not be overwritten by what it was before.
  if (isSettings && isReading(request) && !isPrefetch(request) && pathname !== CALLBACK)
    for (const cookie of await sessions().extendSession(request)) response.cookies.set(cookie)
  return response
}

/**
 * The request with our own cookies only. Pages, handlers and the session library see no others: what is passed on here is what
 * the framework hands out as `cookies()` and `headers()`. Where {@link limitRequests} could be at work, this was done already.
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
 * Passes what may reach a page.
 *
 * @param isCounted - Whether it counts for its session: the framework renders a page whatever the method, and every render
 *   costs calls of the Management API, which are limited for the tenant as a whole.
 * @throws {LinkingError} `csrf`, `bad_request` if a form is too large or cannot be taken apart, `rate_limited`
 */
async function assertAdmitted(request: NextRequest, isCounted: boolean): Promise<void> {
  if (!isReading(request)) {
    assertSameOrigin(services().appBaseUrl, request)
    assertSmallForm(request)
    await assertReadableForm(request)
  }
  const session = isCounted ? await sessions().currentSession(request) : undefined
  if (!session) return
  await assertSessionAllowed(services(), 'view', session)
  await assertCallsLeft(services().store, session, purposeOf(request))
}

/** What a request under `/settings` is for, as far as its first line and headers tell. */
function purposeOf({ nextUrl: { pathname }, method, headers }: NextRequest): CallPurpose {
  const isForm = headers.get('content-type')?.startsWith('multipart/form-data') === true
  const isAction = method === 'POST' && (isForm || headers.has('next-action'))
  return isAction || LEADS_TO_CHANGE.has(pathname) ? 'change' : 'view'
}

const isReading = ({ method }: NextRequest) => method === 'GET' || method === 'HEAD'

function withHeaders(response: NextResponse, headers: Record<string, string>): NextResponse {
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value)
  return response
}
