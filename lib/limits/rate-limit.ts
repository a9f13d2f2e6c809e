/**
 * How often one person may do what costs something. It is counted by account, by flow or by sign-in, and only after a genuine
 * token, a flow of this browser or a session was seen: strangers cannot use up someone's limit, and people who share an IP
 * address share no count.
 * @module
 */
import 'server-only'
import { LinkingError } from '@/core/errors'
import { fingerprint } from '../observability/log'
import { orFallback } from '../store/or-fallback'
import type { Store } from '../store/store-contract'

/** How often something may be done within a period. */
export interface Limit {
  /** What is counted, as the beginning of the store's key. */
  name: string
  count: number
  seconds: number
}

/**
 * Counts one more. Falls back to no limit if the store is down: a login must not wait for it.
 *
 * @param store - Holds the counts.
 * @param limit - What may be done how often.
 * @param subject - Who does it. The store keeps a fingerprint of it.
 * @throws {LinkingError} `rate_limited`, with the seconds to wait.
 */
export async function assertWithin(
  store: Store,
  { name, count, seconds }: Limit,
  subject: string,
): Promise<void> {
  const counted = await orFallback(store.count(`${name}:${fingerprint(subject)}`, seconds), undefined)
  if (!counted || counted.count <= count) return
  throw new LinkingError('rate_limited', { retryAfter: Math.max(1, Math.ceil(counted.secondsLeft)) })
}
