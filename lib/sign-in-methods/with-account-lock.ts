import 'server-only'
import { hash12 } from '../../core'
import type { Services } from '../link-flow/services'
import { type LockOutcome, withLock } from '../store/with-lock'
import { Refused } from './account-refusal'

/** In seconds. The lock outlasts the calls of one request; a request that waits longer is refused. */
const ACCOUNT_LOCK_SECONDS = { ttl: 20, wait: 4 }

/** Where locks are, and for how many seconds they hold if the work takes longer than that of a request. */
export type LockServices = Pick<Services, 'store'> & { lockSeconds?: number }

/**
 * Does work on accounts that no other request may change through this page at the same time.
 *
 * @param userIds - Every account that is read and written. Never an account that a request names before it is
 *   known to be the person's own: that would lock another person's account.
 * @throws {Refused} `busy`
 * @throws {LinkingError} `store_unavailable`, before any work
 */
export async function withAccountLock<Result>(
  { store, lockSeconds = ACCOUNT_LOCK_SECONDS.ttl }: LockServices,
  userIds: string[],
  work: () => Promise<Result>,
): Promise<Result> {
  const limits = { ...ACCOUNT_LOCK_SECONDS, ttl: lockSeconds }
  const hashes = await Promise.all(userIds.map(hash12))
  // In one order, so that two requests for the same accounts never wait for each other.
  const keys = [...new Set(hashes)].sort().map((hash) => `account:${hash}`)
  const outcome = await keys.reduceRight<() => Promise<LockOutcome<Result>>>(
    (inner, key) => async () => {
      const outer = await withLock(store, key, limits, inner)
      return outer.isBusy ? outer : outer.result
    },
    async () => ({ isBusy: false, result: await work() }),
  )()
  if (outcome.isBusy) throw new Refused('busy')
  return outcome.result
}
