/**
 * The queue of pairs of accounts to link, from plans that an operator approved. The command `npm run duplicates -- apply
 * --queue` adds the pairs, and workers link them. The queue is separate from that of the other jobs, because its rate limit
 * applies to all workers together and must not slow the other jobs down.
 * @module
 */
import 'server-only'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { PairResult, PairToLink } from './account-work'
import type { JobServices } from './job-kinds'
import type { BullMQ } from './library'
import { logRedisLost } from './note-reach'
import { FAILED, type KeptData, sealPurpose, WORK_QUEUE } from './queue'
import { connectForJobs } from './redis-client'

/** Name of the queue, and the prefix of its keys in Redis. */
export const PAIR_QUEUE = { name: 'pairs', prefix: WORK_QUEUE.prefix }
/** How long a pair may wait for a worker, in seconds. Its result may wait as long for the command. */
const SEAL_SECONDS = 86_400
/** How often the command checks whether a pair is done, in milliseconds. */
const POLL_MS = 200

const KeptShape = z.object({ sealed: z.string() })
const NAME = 'pair'

/** The queue, for the command that adds pairs and waits for their results. */
export interface PairQueue {
  /** Adds a pair. Does nothing if the queue already has a job with this id. */
  put(id: string, pair: PairToLink): Promise<void>
  /**
   * Waits until a pair is done.
   *
   * @param onTaken - Called, perhaps several times, once a worker has taken the pair.
   * @param isGivenUp - Called again and again while no worker has taken the pair. `true` ends the wait, with the result `given_up`.
   * @returns Undefined if the result is lost. Then only the accounts themselves show whether they were linked.
   */
  result(
    id: string,
    onTaken?: () => void,
    isGivenUp?: () => Promise<boolean>,
  ): Promise<PairResult | 'given_up' | undefined>
  /** Removes a pair and its result, if there are any. Returns false if it cannot, because a worker has the pair now. */
  drop(id: string): Promise<boolean>
  /** Sets the rate limit: all workers together start at most one pair in this many milliseconds. */
  setPace(milliseconds: number): Promise<void>
  close(): Promise<void>
}

/**
 * Opens the queue.
 *
 * @param redisUrl - URL of the server. It may contain a password.
 */
export function openPairQueue(
  library: BullMQ,
  { sealer }: Pick<JobServices, 'sealer'>,
  redisUrl: string,
): PairQueue {
  const { connection, end } = connectForJobs(library, redisUrl, true)
  const queue = new library.Queue(PAIR_QUEUE.name, {
    ...{ connection, prefix: PAIR_QUEUE.prefix, skipVersionCheck: true },
  })
  queue.on('error', logRedisLost)
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
 * Links the pair of a job, in a worker.
 *
 * @param id - The id of the job.
 * @param data - The data of the job: the encrypted pair.
 * @param isRepeated - Whether a worker has already started this job before, so that the link may exist.
 * @returns The result, and its encrypted form for Redis.
 * @throws {z.ZodError} If the job has other data, or has waited longer than a day.
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
