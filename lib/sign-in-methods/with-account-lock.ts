import 'server-only'
import { hash12 } from '../../core'
import type { Services } from '../link-flow/services'
import { type LockOutcome, withLock } from '../store/with-lock'
import { SettingsRefusedError } from './account-refusal'

/** How long a lock lasts (`ttl`), and how long a request waits for one before it is refused (`wait`), in seconds. */
const ACCOUNT_LOCK_SECONDS = { ttl: 20, wait: 4 }

/** The store that keeps the locks. `lockSeconds` is how long a lock lasts, if the work may take longer than a request. */
export type LockServices = Pick<Services, 'store'> & { lockSeconds?: number }

/**
 * Runs `work` under locks on accounts, so that no other request changes them through this service at the same time.
 *
 * @param userIds - Every account that `work` reads and writes. Never pass an account that a request names before you know
 *   that it belongs to the person: that would lock another person's account.
 * @throws {SettingsRefusedError} `busy` if a lock could not be obtained in time
 * @throws {LinkingError} `store_unavailable`, before any work
 */
export async function withAccountLock<Result>(
  { store, lockSeconds = ACCOUNT_LOCK_SECONDS.ttl }: LockServices,
  userIds: string[],
  work: () => Promise<Result>,
): Promise<Result> {
  const limits = { ...ACCOUNT_LOCK_SECONDS, ttl: lockSeconds }
  const hashes = await Promise.all(userIds.map(hash12))
  // Lock in sorted order, so that two requests for the same accounts never wait for each other.
  const keys = [...new Set(hashes)].sort().map((hash) => `account:${hash}`)
  const outcome = await keys.reduceRight<() => Promise<LockOutcome<Result>>>(
    (inner, key) => async () => {
      const outer = await withLock(store, key, limits, inner)
      return outer.isBusy ? outer : outer.result
    },
    async () => ({ isBusy: false, result: await work() }),
  )()
  if (outcome.isBusy) throw new SettingsRefusedError('busy')
  return outcome.result
}
