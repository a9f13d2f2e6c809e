import 'server-only'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Queue } from 'bullmq'
import type { JobServices } from './job-kinds'
import type { BullMQ } from './library'
import { logRedisLost } from './note-reach'
import { PAIR_QUEUE } from './pair-queue'
import { WORK_QUEUE } from './queue'
import { connectForJobs } from './redis-client'
import { startWorker } from './worker'

/** How often a drain checks whether jobs are left, in milliseconds. */
const POLL_MS = 200

/** The result of a drain: how many jobs it ran, and how many are left in both queues. */
export interface DrainCounts {
  /** Jobs that are done. */
  done: number
  /** Attempts that failed. Most of these jobs are tried again. */
  failed: number
  /** Jobs that are left and due now. */
  waiting: number
  /** Jobs that are left and due later. */
  delayed: number
}

/**
 * Runs the jobs of both queues until `endAt`, or until no job is left that is due before then. It also takes over jobs whose process
 * has ended. BullMQ finds those with two checks, 30 s apart: a job that has no lock at both is stalled. The first check is at the start.
 *
 * @param redisUrl - URL of the server. It may contain a password.
 * @param endAt - When to stop taking jobs, in milliseconds since the epoch. The drain then waits for the running ones.
 */
export async function drainQueue(
  library: BullMQ,
  services: JobServices,
  redisUrl: string,
  endAt: number,
): Promise<DrainCounts> {
  const { connection, end } = connectForJobs(library, redisUrl, true)
  const queues = [WORK_QUEUE, PAIR_QUEUE].map(
    ({ name, prefix }) => new library.Queue(name, { connection, prefix, skipVersionCheck: true }),
  )
  for (const queue of queues) {
    queue.on('error', logRedisLost)
    // BullMQ skips the check for stalled jobs if any process made one less than 30 s ago. This deletes the record of that.
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
  // Redis does not record when the delay began. It began no earlier than the last attempt: the job is due then or later.
  return next !== undefined && (next.processedOn ?? next.timestamp) + next.delay < endAt
}
