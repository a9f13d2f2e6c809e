import 'server-only'
import { LinkingError } from '@/core/errors'
import type { WithHeaders } from '../session/cookies'

/**
 * Whether one of our own documents sent a request. Its `Origin` is compared with the configured origin, never with the request's
 * Host or a proxy header. A request without `Origin` is not ours, since every browser sends it with a form post.
 *
 * @param appBaseUrl - Our own origin, without a slash at the end.
 * @see {@link https://www.w3.org/TR/fetch-metadata/ Fetch Metadata}
 */
export function isSameOrigin(appBaseUrl: string, { headers }: WithHeaders): boolean {
  const site = headers.get('sec-fetch-site')
  return headers.get('origin') === appBaseUrl && (site === null || site === 'same-origin')
}

/**
 * Passes only a request that one of our own documents sent.
 *
 * @param appBaseUrl - Our own origin, without a slash at the end.
 * @throws {LinkingError} `csrf`
 */
export function assertSameOrigin(appBaseUrl: string, request: WithHeaders): void {
  if (!isSameOrigin(appBaseUrl, request)) throw new LinkingError('csrf')
}
