/**
 * Limits how often one person may do something costly. We count by account, by flow or by session, and only after we have seen a
 * genuine token, a flow of this browser or a session. So strangers cannot use up someone's limit, and people with the same IP
 * address are counted separately.
 * @module
 */
import 'server-only'
import { LinkingError } from '@/core/errors'
import { fingerprint } from '../observability/log'
import { fallBackIfStoreDown } from '../store/or-fallback'
import type { Store } from '../store/store-contract'

/** How often something may be done within a period. */
export interface Limit {
  /** What is counted. The store's key begins with it. */
  name: string
  count: number
  seconds: number
}

/**
 * Counts one use, and refuses it above the limit. If the store is down, there is no limit, because a login must not wait for it.
 *
 * @param store - Holds the counts.
 * @param limit - What may be done how often.
 * @param subject - The account, flow or session that is counted. The store holds only a fingerprint of this id.
 * @throws {LinkingError} `rate_limited`, with the seconds to wait.
 */
export async function assertWithin(
  store: Store,
  { name, count, seconds }: Limit,
  subject: string,
): Promise<void> {
  const counted = await fallBackIfStoreDown(
    store.count(`${name}:${fingerprint(subject)}`, seconds),
    undefined,
  )
  if (!counted || counted.count <= count) return
  throw new LinkingError('rate_limited', { retryAfter: Math.max(1, Math.ceil(counted.secondsLeft)) })
}
