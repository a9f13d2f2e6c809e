import type { NextRequest, NextResponse } from 'next/server'

/** `/link`, `/healthz`, `/readyz`, `/events`, `/tasks/drain`, `/brand`, `/api/sign-in-methods` and `/not-me` write their own headers, and hashed files may be cached. */
export const config = {
  runtime: 'nodejs',
  matcher: [
    '/((?!link(?:/|$)|healthz$|readyz$|events$|tasks/drain$|brand/[^/]+$|api/sign-in-methods/?$|not-me/?$|_next/static/).*)',
  ],
}

/** The framework loads this module before it answers anything, `/link` too, so what pages need is loaded with the first of them. */
export async function middleware(request: NextRequest): Promise<NextResponse> {
  const { pageMiddleware } = await import('@/app/page-middleware')
  return pageMiddleware(request)
}
