/**
 * Where jobs rest: one queue in Redis.
 * @module
 */
import 'server-only'
import { processMemory } from '../process/process-memory'
import { JOB_KINDS, type Job, type JobServices } from './job-kinds'
import { type Library, loadLibrary } from './library'
import { noteBack, noteLost } from './note-reach'

/** Where the queue is, for its clients and its workers. */
export const QUEUE = { name: 'work', prefix: 'account-linking:jobs' }
/** Seconds that a job is kept after it was given up, and jobs at most. */
export const FAILED = { age: 7 * 86_400, count: 1_000 }
/** How long a sealed job can be opened, in seconds: longer than it is kept. */
const SEAL_SECONDS = FAILED.age + 86_400
/** How long a request waits for the queue, in milliseconds. */
const KEEP_TIMEOUT_MS = 1_000

/** A job that is in Redis. */
export interface KeptJob {
  /** It is done, or given up. */
  remove(): Promise<void>
  /** Tries it again after a wait in milliseconds, rather than when its first try should be over. */
  retryAfter(wait: number): Promise<void>
}

/** What is kept of a job. */
export interface KeptData {
  sealed: string
}

/** What a job is sealed for, so that none can stand in for another. */
export const sealPurpose = (name: string, id: string): string => `job:${name}:${id}`

/**
 * Keeps a job in Redis before its first try: if this process ends, another one takes it once its first try should be over.
 *
 * @returns Undefined if there is no Redis, if it does not answer within a second, or if this process does not have BullMQ.
 */
export async function keepJob(services: JobServices, { name, id, data }: Job): Promise<KeptJob | undefined> {
  const { redisUrl, sealer } = services
  const loading = loadLibrary()
  if (redisUrl === undefined || !loading) return undefined
  try {
    const queue = await openQueue(await loading, redisUrl)
    const sealed = await sealer.seal(sealPurpose(name, id), data, Date.now() / 1000 + SEAL_SECONDS)
    const job = await inTime(
      queue.add(name, { sealed } satisfies KeptData, {
        jobId: id,
        delay: JOB_KINDS[name].firstTryMs,
        // The first try is not the queue's.
        attempts: JOB_KINDS[name].pauses.length,
        backoff: { type: 'custom' },
        removeOnComplete: true,
        removeOnFail: FAILED,
        stackTraceLimit: 0,
      }),
    )
    noteBack()
    // Both fail if another process has taken it meanwhile; then it decides.
    return {
      remove: () => inTime(job.remove()).catch(() => undefined),
      retryAfter: (wait) => inTime(job.changeDelay(Math.ceil(wait))).catch(() => undefined),
    }
  } catch {
    noteLost()
    return undefined
  }
}

async function openQueue(library: Library, redisUrl: string) {
  const { connectForJobs } = await import('./redis-client')
  return processMemory('jobs-queue', () => {
    const queue = new library.Queue(QUEUE.name, {
      connection: connectForJobs(library, redisUrl, false).connection,
      prefix: QUEUE.prefix,
      // It asks the server for facts that the doctor tells of, and prints them.
      skipVersionCheck: true,
    })
    queue.on('error', noteLost)
    return queue
  })
}

async function inTime<Result>(work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), KEEP_TIMEOUT_MS)
  })
  try {
    return await Promise.race([work, tooLate])
  } finally {
    clearTimeout(timer)
  }
}
