/**
 * Stores jobs in a queue in Redis. Pairs of approved plans have another queue: see `pair-queue.ts`.
 * @module
 */
import 'server-only'
import type { Queue } from 'bullmq'
import { inTime } from '../process/in-time'
import { processMemory } from '../process/process-memory'
import { JOB_KINDS, type Job, type JobServices } from './job-kinds'
import { type BullMQ, loadLibrary } from './library'
import { logRedisBack, logRedisLost } from './note-reach'

/** Name of the queue, and the prefix of its keys in Redis. */
export const WORK_QUEUE = { name: 'work', prefix: 'account-linking:jobs' }
/** How long Redis keeps jobs that were given up, in seconds, and how many of them at most. */
export const FAILED = { age: 7 * 86_400, count: 1_000 }
/** How long the data of a job can be decrypted, in seconds: longer than Redis keeps a job that was given up. */
const SEAL_SECONDS = FAILED.age + 86_400
/** How long to wait for Redis when a job is stored, changed or listed, in milliseconds. */
export const KEEP_TIMEOUT_MS = 1_000

/** A job that is stored in Redis. */
export interface KeptJob {
  /** Removes the job, because it is done, given up or no longer needed. */
  remove(): Promise<void>
  /** Lets any worker try the job after `wait` milliseconds from now, instead of its kind's `firstTryMs` after it was stored. */
  retryAfter(wait: number): Promise<void>
}

/** The data of a job in Redis, or the result of a pair: encrypted. */
export interface KeptData {
  sealed: string
}

/** The purpose with which the data of a job is encrypted. It includes the job's id, so the data of one job cannot be used for another. */
export const sealPurpose = (name: string, id: string): string => `job:${name}:${id}`

/**
 * Stores a job in Redis before its first attempt. Workers leave it alone for its kind's `firstTryMs`. If this process ends before then,
 * one of them takes the job over.
 *
 * @returns Undefined if there is no Redis, if Redis does not respond within a second, or if this process does not have BullMQ.
 */
export async function keepJob(services: JobServices, { name, id, data }: Job): Promise<KeptJob | undefined> {
  const { redisUrl, sealer } = services
  const loading = loadLibrary()
  if (redisUrl === undefined || !loading) return undefined
  try {
    const queue = await openQueue(await loading, redisUrl, WORK_QUEUE.name)
    const sealed = await sealer.seal(sealPurpose(name, id), data, Date.now() / 1000 + SEAL_SECONDS)
    const job = await inTime(
      queue.add(name, { sealed } satisfies KeptData, {
        jobId: id,
        delay: JOB_KINDS[name].firstTryMs,
        // Workers make all attempts but the first, which this process makes.
        attempts: JOB_KINDS[name].pauses.length,
        backoff: { type: 'custom' },
        removeOnComplete: true,
        removeOnFail: FAILED,
        stackTraceLimit: 0,
      }),
      KEEP_TIMEOUT_MS,
    )
    logRedisBack()
    // Both fail if a worker has taken the job in the meantime. Then that worker decides what becomes of it.
    return {
      remove: () => inTime(job.remove(), KEEP_TIMEOUT_MS).catch(() => undefined),
      retryAfter: (wait) => inTime(job.changeDelay(Math.ceil(wait)), KEEP_TIMEOUT_MS).catch(() => undefined),
    }
  } catch {
    logRedisLost()
    return undefined
  }
}

/**
 * Opens a queue, once per process. Its commands fail at once while there is no connection, so that no request waits for one.
 *
 * @param redisUrl - URL of the server. It may contain a password.
 */
export async function openQueue(library: BullMQ, redisUrl: string, name: string): Promise<Queue> {
  const { connectForJobs } = await import('./redis-client')
  return processMemory(`jobs-queue-${name}`, () => {
    const queue = new library.Queue(name, {
      connection: connectForJobs(library, redisUrl, false).connection,
      prefix: WORK_QUEUE.prefix,
      // BullMQ's check asks the server for its version and settings and prints warnings. `npm run doctor` reports them instead.
      skipVersionCheck: true,
    })
    queue.on('error', logRedisLost)
    return queue
  })
}
