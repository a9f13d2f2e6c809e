/**
 * The two ways to link the pairs of a plan: in this process, or in the service's workers, which take pairs from a queue in
 * Redis. In both cases it is the command that writes the journal.
 * @module
 */
import { hash12 } from '../../../core'
import type { RequestPacer } from '../../../lib/auth0/pace'
import type { Config } from '../../../lib/config/config'
import type { PairResult, PairToLink } from '../../../lib/jobs/account-work'
import { openPairQueue, type PairQueue } from '../../../lib/jobs/pair-queue'
import { linkPair } from '../../../lib/sign-in-methods/operator/link-pair'
import type { SignInServices } from '../../../lib/sign-in-methods/services'
import { DuplicatesError } from '../error'

/** The queue's rate limit follows the slowest of this many latest pairs. */
const LATEST = 50

/** Links pairs. */
export interface Linker {
  /** How many API calls (or with the queue, pairs) wait for their turn. While it is 0, more pairs can be linked at once. */
  readonly waiting: number
  /** API calls made so far. */
  readonly calls: number
  /**
   * Links a pair.
   *
   * @param id - From {@link pairId}.
   */
  link(id: string, pair: PairToLink): Promise<PairResult>
  /** Removes the job of a pair and its result from the queue. Does nothing in {@link linkHere}. */
  forget(id: string): Promise<unknown>
  close(): Promise<void>
}

/** The id of a pair's job in the queue. It contains a hash of the user id, because some user ids contain email addresses. */
export const pairId = async (planId: string, secondary: string): Promise<string> =>
  `${planId}_${await hash12(secondary)}`

/** Links pairs in this process. */
export const linkHere = (services: SignInServices, pace: RequestPacer): Linker => ({
  get waiting() {
    return pace.waiting
  },
  get calls() {
    return pace.calls
  },
  link: (_id, pair) => linkPair(services, pair, pace),
  forget: async () => undefined,
  close: async () => undefined,
})

/**
 * Opens the service's queue of pairs.
 *
 * @throws {DuplicatesError} `environment_unusable`
 */
export async function queueOf({ redisUrl }: Config, { sealer }: SignInServices): Promise<PairQueue> {
  if (redisUrl === undefined)
    throw new DuplicatesError('environment_unusable', '--queue needs REDIS_URL, that of the service.')
  return openPairQueue(await import('bullmq'), { sealer }, redisUrl)
}

const unknown = (refused: string): PairResult => ({ refused, calls: 0, milliseconds: 0, waitMs: 0 })

/**
 * Puts pairs into the queue, where workers take and link them. The first pair goes alone: its result says how long the API
 * calls of a pair take at our share of the rate limit. After that, all workers together start one pair in each such time,
 * measured by the slowest of the latest pairs.
 *
 * @param isStopped - Once it returns true, pairs that no worker has taken yet are removed from the queue. Otherwise the
 *   command would wait forever if no worker runs.
 */
export function linkByQueue(queue: PairQueue, isStopped: () => boolean): Linker {
  const times: number[] = []
  const untaken = new Set<string>()
  let pace = 0
  let made = 0
  const learn = async ({ milliseconds, calls }: PairResult) => {
    made += calls
    times.push(milliseconds)
    if (times.length > LATEST) times.shift()
    const slowest = Math.max(...times)
    if (slowest === pace) return
    pace = slowest
    await queue.setPace(pace)
  }
  return {
    get waiting() {
      return pace === 0 ? 1 : untaken.size
    },
    get calls() {
      return made
    },
    async link(id, pair) {
      untaken.add(id)
      try {
        await queue.put(id, pair)
        const onTaken = () => untaken.delete(id)
        const result = await queue.result(id, onTaken, async () => isStopped() && (await queue.drop(id)))
        // If an earlier run began this pair, it may be linked already.
        if (result === 'given_up') return unknown(pair.wasBegun ? 'outcome_unknown' : 'no_worker')
        if (!result) return unknown('outcome_unknown')
        await learn(result)
        return result
      } finally {
        untaken.delete(id)
      }
    },
    forget: (id) => queue.drop(id),
    close: () => queue.close(),
  }
}
