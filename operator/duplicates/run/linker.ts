/**
 * Who links the pairs of a plan: this process, or those that do the jobs of the queue. The journal is written by the command in either
 * case.
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

/** Pairs whose time says how fast the queue may go. */
const LATEST = 50

/** Links pairs. */
export interface Linker {
  /** What waits for its turn: while that is nothing, more pairs at once would help. */
  readonly waiting: number
  /** Calls to the tenant so far. */
  readonly calls: number
  /**
   * Links a pair.
   *
   * @param id - From {@link pairId}.
   */
  link(id: string, pair: PairToLink): Promise<PairResult>
  /** Forgets a pair that the journal has the end of. */
  forget(id: string): Promise<unknown>
  close(): Promise<void>
}

/** Names a pair of a plan in the queue, without a word of whose it is. */
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
 * The queue of the service.
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
 * Has pairs linked by whatever does the jobs of the queue. The first one goes alone: it shows how long a pair takes at our share of the
 * rate limit. Then a pair begins so often, on all machines together, by the slowest of the last ones.
 *
 * @param isStopped - Then pairs that no worker has taken yet are taken out: there may be no worker.
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
        // What was begun before may be linked.
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
