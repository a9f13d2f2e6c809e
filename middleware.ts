import type { NextRequest, NextResponse } from 'next/server'

/**
 * Excludes routes that set their own headers (`/link`, `/healthz`, `/readyz`, `/events`, `/events/schema/v1`,
 * `/auth0-events`, `/tasks/drain`, `/brand`, `/api/sign-in-methods`, `/not-me`), and hashed files, which may be cached.
 */
export const config = {
  runtime: 'nodejs',
  matcher: [
    '/((?!link(?:/|$)|healthz$|readyz$|events(?:/schema/v1)?$|auth0-events$|tasks/drain$|brand/[^/]+$|api/sign-in-methods/?$|not-me/?$|_next/static/).*)',
  ],
}

/** Imports on demand the code that only pages need: Next.js loads this module before any response, even for `/link`. */
export async function middleware(request: NextRequest): Promise<NextResponse> {
  const { pageMiddleware } = await import('@/app/page-middleware')
  return pageMiddleware(request)
}
