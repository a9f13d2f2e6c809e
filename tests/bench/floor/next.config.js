/**
 * An application with nothing in it: what the framework costs by itself. It is built in a folder of its own, because the
 * framework looks for instrumentation and middleware in the folders above, too; its dependencies are elsewhere.
 *
 * @type {import('next').NextConfig}
 */
const nextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  turbopack: { root: '/' },
}

export default nextConfig
