import 'server-only'
import { LinkingError } from '@/core/errors'
import { config } from '../config/config'
import type { WithHeaders } from '../session/cookies'

/**
 * Whether one of our own documents sent a request. Compared is the configured origin, never the request's Host or a proxy
 * header; a request without Origin is none of ours, since every browser sends it with a form post.
 *
 * @see {@link https://www.w3.org/TR/fetch-metadata/ Fetch Metadata}
 */
export function isSameOrigin({ headers }: WithHeaders): boolean {
  const site = headers.get('sec-fetch-site')
  return headers.get('origin') === config().appBaseUrl && (site === null || site === 'same-origin')
}

/**
 * Passes only a request that one of our own documents sent.
 *
 * @throws {LinkingError} `csrf`
 */
export function assertSameOrigin(request: WithHeaders): void {
  if (!isSameOrigin(request)) throw new LinkingError('csrf')
}
