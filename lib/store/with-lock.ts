import 'server-only'
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { fallBackIfStoreDown } from './or-fallback'
import type { Store } from './store-contract'

/** Average time between two attempts to take a lock, in milliseconds. */
const LOCK_POLL_MS = 50

/** How long a lock is held and waited for, in seconds. */
export interface LockLimits {
  /**
   * After this time the lock expires, even if the work is not done. Choose far more than the work can take: others may do
   * the same work from then on.
   */
  ttl: number
  /** How long to wait while another holder has the lock. */
  wait: number
}

/** The result of work under a lock, or that another holder was still busy. */
export type LockOutcome<Result> = { isBusy: false; result: Result } | { isBusy: true }

/**
 * Does work that must not run twice at the same time, in this instance or another.
 *
 * @param store - Holds the lock.
 * @param key - `kind:value`.
 * @param work - The work. Its errors pass through.
 * @param findDone - For work that need not be done twice: returns the result that another holder has left, if there is one.
 * @returns The result, or that another holder is still busy.
 * @throws {LinkingError} `store_unavailable`, before any work
 */
export async function withLock<Result>(
  store: Store,
  key: string,
  { ttl, wait }: LockLimits,
  work: () => Promise<Result>,
  findDone?: () => Promise<Result | undefined>,
): Promise<LockOutcome<Result>> {
  const lock = `lock:${key}`
  // Identifies our lock, so that we never release one that another holder took after ours had expired.
  const holder = randomUUID()
  const giveUpAt = performance.now() + wait * 1000
  while (!(await store.take(lock, ttl, holder))) {
    if (performance.now() >= giveUpAt) return { isBusy: true }
    await sleep(LOCK_POLL_MS * (0.5 + Math.random()))
    const done = await findDone?.()
    if (done !== undefined) return { isBusy: false, result: done }
  }
  try {
    return { isBusy: false, result: await work() }
  } finally {
    // If the store is down now, the work is done all the same, and the lock expires by itself.
    await fallBackIfStoreDown(store.delete(lock, holder), undefined)
  }
}
