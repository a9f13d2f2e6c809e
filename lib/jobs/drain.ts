import 'server-only'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Queue } from 'bullmq'
import type { JobServices } from './job-kinds'
import type { Library } from './library'
import { noteLost } from './note-reach'
import { PAIR_QUEUE } from './pair-queue'
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
 * Does the jobs of both queues until none is left that comes due before the end. Looks first for jobs whose process ended, and once
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
  const queues = [QUEUE, PAIR_QUEUE].map(
    ({ name, prefix }) => new library.Queue(name, { connection, prefix, skipVersionCheck: true }),
  )
  for (const queue of queues) {
    queue.on('error', noteLost)
    // A process that has just ended looked a moment ago, and our first look would not count.
    await queue.waitUntilReady()
    await connection.del(queue.toKey('stalled-check'))
  }
  const { workers, close } = startWorker(library, services, redisUrl)
  const counts = { done: 0, failed: 0 }
  for (const worker of workers) {
    worker.on('completed', () => {
      counts.done += 1
    })
    worker.on('failed', () => {
      counts.failed += 1
    })
  }
  const isAnyBusy = async () =>
    (await Promise.all(queues.map((queue) => hasWork(queue, endAt)))).some(Boolean)
  try {
    while (Date.now() < endAt && (await isAnyBusy())) await sleep(POLL_MS)
    await close()
    return { ...counts, ...(await countsOf(queues)) }
  } finally {
    await close()
    await Promise.all(queues.map((queue) => queue.close()))
    end()
  }
}

async function countsOf(queues: Queue[]): Promise<Pick<DrainCounts, 'waiting' | 'delayed'>> {
  const all = await Promise.all(queues.map((queue) => queue.getJobCounts('waiting', 'delayed')))
  const sum = (state: string) => all.reduce((total, counts) => total + (counts[state] ?? 0), 0)
  return { waiting: sum('waiting'), delayed: sum('delayed') }
}

async function hasWork(queue: Queue, endAt: number): Promise<boolean> {
  const { waiting = 0, active = 0, delayed = 0 } = await queue.getJobCounts('waiting', 'active', 'delayed')
  if (waiting + active > 0) return true
  if (delayed === 0) return false
  const [next] = await queue.getDelayed(0, 0)
  // When its wait began is not kept: at the earliest with its last try.
  return next !== undefined && (next.processedOn ?? next.timestamp) + next.delay < endAt
}
