import { PHASE_PRODUCTION_BUILD } from 'next/constants.js'

/** Whether this is a build to try, by `npm run demo` or `npm test` (`scripts/lib/build.mjs`), and not one to deploy. */
const isQuickBuild = process.env.QUICK_BUILD === '1'

/**
 * Headers here are the same on every response, and override those that a handler sets. So handlers and the middleware set
 * what differs between responses (policy, referrer, caching). They also set what depends on the URL (transport security),
 * because this list is fixed at build time.
 *
 * @type {import('next').NextConfig}
 */
const nextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  // Next.js's own redirect has none of our headers, and a browser would cache it with everything in the URL.
  skipTrailingSlashRedirect: true,
  // No page shows a remote image, so the image optimizer, which anyone could call, is off.
  images: { unoptimized: true },
  experimental: {
    // An instance that starts for a sign-in loads only what that sign-in needs, not every page.
    preloadEntriesOnStart: false,
    // What the demo and the tests build is built once, and writing a cache takes a third of that time.
    ...(isQuickBuild && { turbopackFileSystemCacheForBuild: false }),
  },
  // Not bundled, so that a function's list of files shows whether it contains bullmq or nodemailer.
  serverExternalPackages: ['bullmq', 'nodemailer'],
  // No function or container needs these packages: we resize no images, Next.js has its own copy of the OpenTelemetry API,
  // and our export of counters bundles another copy.
  outputFileTracingExcludes: {
    '**': ['sharp', '@img', '@opentelemetry'].map((name) => `node_modules/${name}/**`),
  },
  // A build that is deployed checks the types of what it builds; `npm run typecheck` checks all.
  typescript: { tsconfigPath: 'tsconfig.build.json', ignoreBuildErrors: isQuickBuild },
  async headers() {
    return [
      {
        source: '/:path*',
        headers: [
          { key: 'X-Content-Type-Options', value: 'nosniff' },
          { key: 'X-Frame-Options', value: 'DENY' },
          { key: 'X-Robots-Tag', value: 'noindex, nofollow' },
          { key: 'Cross-Origin-Resource-Policy', value: 'same-origin' },
          {
            key: 'Permissions-Policy',
            value: 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()',
          },
        ],
      },
      // Handlers set this header themselves, but Next.js does not set it on its own responses: it redirects requests with the
      // header RSC (for a page's data), and a cache must not serve that redirect to others.
      ...[
        '/link/:path*',
        '/healthz',
        '/readyz',
        '/events',
        '/auth0-events',
        '/events/schema/v1',
        '/tasks/drain',
        '/api/sign-in-methods',
        '/not-me',
      ].map((source) => ({
        source,
        headers: [{ key: 'Cache-Control', value: 'no-store' }],
      })),
    ]
  },
}

/** A build also creates a server that needs no installation, in `.next/standalone`. `next start` does not work with that option. */
export default (phase) =>
  phase === PHASE_PRODUCTION_BUILD ? { ...nextConfig, output: 'standalone' } : nextConfig
