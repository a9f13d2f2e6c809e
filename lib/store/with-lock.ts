import 'server-only'
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { orFallback } from './or-fallback'
import { store } from './store'

/** Average time between two looks at a lock that somebody else holds, in milliseconds. */
const LOCK_POLL_MS = 50

/** How long a lock is held and waited for, in seconds. */
export interface LockLimits {
  /** When it opens by itself: well above what the work can take, because from then on somebody else may do it too. */
  ttl: number
  /** How long somebody else is waited for. */
  wait: number
}

/** What became of work that needs a lock. */
export type LockOutcome<Result> = { isBusy: false; result: Result } | { isBusy: true }

/**
 * Does work that must not be done twice at a time, by this instance or another.
 *
 * @param key - `kind:value`.
 * @param work - Its errors pass through.
 * @param findDone - For work that needs no repeating: gives what somebody else's work has left, if it is done.
 * @returns The result, or that somebody else is still busy.
 * @throws {LinkingError} `store_unavailable`, before any work
 */
export async function withLock<Result>(
  key: string,
  { ttl, wait }: LockLimits,
  work: () => Promise<Result>,
  findDone?: () => Promise<Result | undefined>,
): Promise<LockOutcome<Result>> {
  const lock = `lock:${key}`
  // Tells our lock from one that was taken after ours had opened by itself.
  const holder = randomUUID()
  const giveUpAt = performance.now() + wait * 1000
  while (!(await store().take(lock, ttl, holder))) {
    if (performance.now() >= giveUpAt) return { isBusy: true }
    await sleep(LOCK_POLL_MS * (0.5 + Math.random()))
    const done = await findDone?.()
    if (done !== undefined) return { isBusy: false, result: done }
  }
  try {
    return { isBusy: false, result: await work() }
  } finally {
    // What was done is done, also where the store is gone by now: the lock opens by itself.
    await orFallback(store().delete(lock, holder), undefined)
  }
}
