/**
 * Pairs of approved plans as jobs. They have a queue of their own: its rate limit counts for all workers, and slows nothing else.
 * @module
 */
import 'server-only'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { PairResult, PairToLink } from './account-work'
import type { JobServices } from './job-kinds'
import type { Library } from './library'
import { noteLost } from './note-reach'
import { FAILED, type KeptData, QUEUE, sealPurpose } from './queue'
import { connectForJobs } from './redis-client'

/** Where the queue is, for its clients and its workers. */
export const PAIR_QUEUE = { name: 'pairs', prefix: QUEUE.prefix }
/** How long a pair may wait for a worker, and its result for the command, in seconds. */
const SEAL_SECONDS = 86_400
/** How often it is looked whether a pair is done, in milliseconds. */
const POLL_MS = 200

const KeptShape = z.object({ sealed: z.string() })
const NAME = 'pair'

/** The queue, as the command that puts pairs in has it. */
export interface PairQueue {
  /** Puts a pair in, once under its id. */
  put(id: string, pair: PairToLink): Promise<void>
  /**
   * Waits until a pair is done.
   *
   * @param onTaken - Called when a worker has taken it.
   * @param isGivenUp - Asked while no worker has taken it, whether not to wait any more.
   * @returns Undefined if its result is lost: then only the account says what became of it.
   */
  result(
    id: string,
    onTaken?: () => void,
    isGivenUp?: () => Promise<boolean>,
  ): Promise<PairResult | 'given_up' | undefined>
  /** Takes a pair out; false if a worker has it now. */
  drop(id: string): Promise<boolean>
  /** Lets one pair begin in so many milliseconds, whichever worker takes it. */
  setPace(milliseconds: number): Promise<void>
  close(): Promise<void>
}

/**
 * Opens the queue.
 *
 * @param redisUrl - Of the server; holds a password.
 */
export function openPairQueue(
  library: Library,
  { sealer }: Pick<JobServices, 'sealer'>,
  redisUrl: string,
): PairQueue {
  const { connection, end } = connectForJobs(library, redisUrl, true)
  const queue = new library.Queue(PAIR_QUEUE.name, {
    ...{ connection, prefix: PAIR_QUEUE.prefix, skipVersionCheck: true },
  })
  queue.on('error', noteLost)
  return {
    async put(id, pair) {
      const sealed = await sealer.seal(sealPurpose(NAME, id), pair, Date.now() / 1000 + SEAL_SECONDS)
      const data: KeptData = { sealed }
      const kept = { removeOnComplete: FAILED, removeOnFail: FAILED, stackTraceLimit: 0 }
      await queue.add(NAME, data, { jobId: id, ...kept })
    },
    async result(id, onTaken, isGivenUp) {
      for (;;) {
        const job = await queue.getJob(id)
        if (!job) return undefined
        if (job.processedOn !== undefined) onTaken?.()
        else if (await isGivenUp?.()) return 'given_up'
        if (job.finishedOn !== undefined) return openResult(sealer, id, job.returnvalue)
        await sleep(POLL_MS)
      }
    },
    drop: async (id) => (await queue.remove(id)) === 1,
    setPace: async (milliseconds) => {
      await queue.setGlobalRateLimit(1, Math.max(1, Math.ceil(milliseconds)))
    },
    async close() {
      await queue.close()
      end()
    },
  }
}

const resultPurpose = (id: string) => sealPurpose(`${NAME}-result`, id)

async function openResult(sealer: JobServices['sealer'], id: string, value: unknown) {
  const kept = KeptShape.safeParse(value)
  const opened = kept.success && (await sealer.unseal(resultPurpose(id), kept.data.sealed))
  return PairResult.safeParse(opened).data
}

/**
 * Links the pair of a job.
 *
 * @param isRepeated - Whether a worker has taken it before.
 * @returns The result, and as what it is kept.
 * @throws {z.ZodError} If the job holds anything else, or has waited too long.
 */
export async function doPair(
  { sealer, accountWork }: Pick<JobServices, 'accountWork' | 'sealer'>,
  id: string,
  data: unknown,
  isRepeated: boolean,
): Promise<{ result: PairResult; kept: KeptData }> {
  const { sealed } = KeptShape.parse(data)
  const pair = PairToLink.parse(await sealer.unseal(sealPurpose(NAME, id), sealed))
  const work = await accountWork()
  const result = await work.linkPair({ ...pair, wasBegun: pair.wasBegun || isRepeated })
  const deadline = Date.now() / 1000 + SEAL_SECONDS
  return { result, kept: { sealed: await sealer.seal(resultPurpose(id), result, deadline) } }
}
