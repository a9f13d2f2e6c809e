import 'server-only'
import { LinkingError } from '@/core/errors'
import type { WithHeaders } from '../session/cookies'

/**
 * Whether one of our own documents sent a request. The header `Origin` is compared with the configured origin, never with `Host`
 * or a proxy's header. Browsers send `Origin` with every form post, so a request without it is not from our documents.
 *
 * @param appBaseUrl - Our own origin, without a slash at the end.
 * @see {@link https://www.w3.org/TR/fetch-metadata/ Fetch Metadata}
 */
export function isSameOrigin(appBaseUrl: string, { headers }: WithHeaders): boolean {
  const site = headers.get('sec-fetch-site')
  return headers.get('origin') === appBaseUrl && (site === null || site === 'same-origin')
}

/**
 * Refuses a request that none of our own documents sent.
 *
 * @param appBaseUrl - Our own origin, without a slash at the end.
 * @throws {LinkingError} `csrf`
 */
export function assertSameOrigin(appBaseUrl: string, request: WithHeaders): void {
  if (!isSameOrigin(appBaseUrl, request)) throw new LinkingError('csrf')
}
