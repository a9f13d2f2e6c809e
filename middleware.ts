import { type NextRequest, NextResponse } from 'next/server'
import { config as settings } from '@/lib/config'
import { pageHeaders, plainHeaders } from '@/lib/http/headers'
import {
  extendSession,
  handleSessionRoute,
  hasSessionCookie,
  isSessionRoute,
  signInPath,
} from '@/lib/session/session'

/** `/link` and `/healthz` write their own headers, and hashed files may be cached. */
export const config = {
  runtime: 'nodejs',
  matcher: ['/((?!link(?:/|$)|healthz$|_next/static/).*)'],
}

/**
 * Mounts the session library, and gives every page its headers. Whether someone may see a page is the page's own
 * decision; here a missing session cookie only saves a render.
 */
export async function middleware(request: NextRequest): Promise<NextResponse> {
  if (isSessionRoute(request)) {
    const response = withHeaders(await handleSessionRoute(request), plainHeaders())
    if (request.nextUrl.pathname === '/auth/logout')
      response.headers.set('clear-site-data', '"cache", "storage"')
    return response
  }
  const { pathname } = request.nextUrl
  const isSettings = pathname === '/settings' || pathname.startsWith('/settings/')
  if (isSettings && !hasSessionCookie(request)) {
    const target = new URL(signInPath(pathname), settings().appBaseUrl)
    return withHeaders(NextResponse.redirect(target, 303), plainHeaders())
  }
  const headers = pageHeaders(crypto.randomUUID(), isSettings ? 'leads-out' : 'stays')
  // Next.js takes the nonce for its own scripts from the policy on the request.
  const forwarded = new Headers(request.headers)
  forwarded.set('content-security-policy', headers['content-security-policy'])
  const response = withHeaders(NextResponse.next({ request: { headers: forwarded } }), headers)
  if (isSettings) for (const cookie of await extendSession(request)) response.cookies.set(cookie)
  return response
}

function withHeaders(response: NextResponse, headers: Record<string, string>): NextResponse {
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value)
  return response
}
