import 'server-only'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Queue } from 'bullmq'
import type { JobServices } from './job-kinds'
import type { Library } from './library'
import { noteLost } from './note-reach'
import { QUEUE } from './queue'
import { connectForJobs } from './redis-client'
import { startWorker } from './worker'

/** How often it looks whether something is left, in milliseconds. */
const POLL_MS = 200

/** What a drain did, and what it left. */
export interface DrainCounts {
  /** Jobs that are done. */
  done: number
  /** Tries that failed; some of them are tried again. */
  failed: number
  /** Jobs that are left: for now, and for later. */
  waiting: number
  delayed: number
}

/**
 * Does the jobs of the queue until none is left that comes due before the end. Looks first for jobs whose process ended, and once
 * more 30 s later if one is active then: a job is stalled if both looks find it without its lock.
 *
 * @param redisUrl - Of the server; holds a password.
 * @param endAt - When it takes no more jobs, in milliseconds since the epoch; those under way are waited for.
 */
export async function drainQueue(
  library: Library,
  services: JobServices,
  redisUrl: string,
  endAt: number,
): Promise<DrainCounts> {
  const { connection, end } = connectForJobs(library, redisUrl, true)
  const queue = new library.Queue(QUEUE.name, { connection, prefix: QUEUE.prefix, skipVersionCheck: true })
  queue.on('error', noteLost)
  // A process that has just ended looked a moment ago, and our first look would not count.
  await queue.waitUntilReady()
  await connection.del(queue.toKey('stalled-check'))
  const { worker, close } = startWorker(library, services, redisUrl)
  const counts = { done: 0, failed: 0 }
  worker.on('completed', () => {
    counts.done += 1
  })
  worker.on('failed', () => {
    counts.failed += 1
  })
  try {
    while (Date.now() < endAt && (await hasWork(queue, endAt))) await sleep(POLL_MS)
    await close()
    const { waiting = 0, delayed = 0 } = await queue.getJobCounts('waiting', 'delayed')
    return { ...counts, waiting, delayed }
  } finally {
    await close()
    await queue.close()
    end()
  }
}

async function hasWork(queue: Queue, endAt: number): Promise<boolean> {
  const { waiting = 0, active = 0, delayed = 0 } = await queue.getJobCounts('waiting', 'active', 'delayed')
  if (waiting + active > 0) return true
  if (delayed === 0) return false
  const [next] = await queue.getDelayed(0, 0)
  // When its wait began is not kept: at the earliest with its last try.
  return next !== undefined && (next.processedOn ?? next.timestamp) + next.delay < endAt
}
