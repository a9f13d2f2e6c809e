/**
 * An empty application: the cost of the framework itself. It is built in its own folder, because the framework also
 * looks for instrumentation and middleware in the folders above; its dependencies are elsewhere.
 *
 * @type {import('next').NextConfig}
 */
const nextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  turbopack: { root: '/' },
}

export default nextConfig
