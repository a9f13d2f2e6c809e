import 'server-only'
import { LinkingError } from '@/lib/linking/errors'
import { config } from '../config'

/**
 * Passes only a request that one of our own documents sent. Compared is the configured origin, never the request's
 * Host or a proxy header; a request without Origin is refused, since every browser sends it with a form post.
 *
 * @throws {LinkingError} `csrf`
 * @see {@link https://www.w3.org/TR/fetch-metadata/ Fetch Metadata}
 */
export function assertSameOrigin(request: Request): void {
  const site = request.headers.get('sec-fetch-site')
  if (request.headers.get('origin') !== config().appBaseUrl || (site !== null && site !== 'same-origin'))
    throw new LinkingError('csrf')
}
