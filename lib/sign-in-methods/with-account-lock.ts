import 'server-only'
import { hash12 } from '../../core'
import type { Services } from '../link-flow/services'
import { type LockOutcome, withLock } from '../store/with-lock'
import { Refused } from './account-refusal'

/** In seconds. The lock outlasts the calls of one request; a request that waits longer is refused. */
const ACCOUNT_LOCK_SECONDS = { ttl: 20, wait: 4 }

/**
 * Does work on accounts that no other request may change through this page at the same time.
 *
 * @param userIds - Every account that is read and written. Never an account that a request names before it is
 *   known to be the person's own: that would lock another person's account.
 * @throws {Refused} `busy`
 * @throws {LinkingError} `store_unavailable`, before any work
 */
export async function withAccountLock<Result>(
  services: Pick<Services, 'store'>,
  userIds: string[],
  work: () => Promise<Result>,
): Promise<Result> {
  const hashes = await Promise.all(userIds.map(hash12))
  // In one order, so that two requests for the same accounts never wait for each other.
  const keys = [...new Set(hashes)].sort().map((hash) => `account:${hash}`)
  const outcome = await keys.reduceRight<() => Promise<LockOutcome<Result>>>(
    (inner, key) => async () => {
      const outer = await withLock(services.store, key, ACCOUNT_LOCK_SECONDS, inner)
      return outer.isBusy ? outer : outer.result
    },
    async () => ({ isBusy: false, result: await work() }),
  )()
  if (outcome.isBusy) throw new Refused('busy')
  return outcome.result
}
