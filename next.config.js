import { PHASE_PRODUCTION_BUILD } from 'next/constants.js'

/**
 * What is the same on every answer. A header named here overrides the one a handler sets, so whatever differs between
 * answers (policy, referrer, caching) is set by handlers and the middleware; and this list is fixed when the build is
 * made, so whatever depends on the address (transport security) is set there, too.
 *
 * @type {import('next').NextConfig}
 */
const nextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  // The framework's own redirect has none of our headers, and a browser would keep it with whatever the address holds.
  skipTrailingSlashRedirect: true,
  // No page shows a remote image, so the image optimizer, which anyone could call, is off.
  images: { unoptimized: true },
  // An instance that starts for a sign-in loads only what that sign-in needs, not every page.
  experimental: { preloadEntriesOnStart: false },
  // Left outside of the bundles, so that what a function carries of it can be told from its files.
  serverExternalPackages: ['bullmq', 'nodemailer'],
  // What no function and no container needs: nothing here resizes images; and Next.js would take that API in place of its
  // own copy, while what sends counts is bundled with one.
  outputFileTracingExcludes: {
    '**': ['sharp', '@img', '@opentelemetry'].map((name) => `node_modules/${name}/**`),
  },
  // The build checks what it builds; tests are checked by `npm run typecheck`.
  typescript: { tsconfigPath: 'tsconfig.build.json' },
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
      // Handlers set this themselves. Next.js does not set it on answers of its own: what asks for a page's data, with the
      // header RSC, is redirected, and a cache must not keep that for others.
      ...[
        '/link/:path*',
        '/healthz',
        '/readyz',
        '/events',
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

/** A build leaves a server that needs no installation, too, in `.next/standalone`; `next start` must not hear of it. */
export default (phase) =>
  phase === PHASE_PRODUCTION_BUILD ? { ...nextConfig, output: 'standalone' } : nextConfig
