/**
 * Reads from the queue of pairs which plans `npm run duplicates -- apply --queue` is linking now. The console shows them.
 * @module
 */
import 'server-only'
import type { Queue } from 'bullmq'
import { inTime } from '../process/in-time'
import { loadLibrary } from './library'
import { PAIR_QUEUE } from './pair-queue'
import { KEEP_TIMEOUT_MS, openQueue } from './queue'

/** BullMQ's names for the states of a job, by the names that we show. A pair that waits for the rate limit is `waiting` too. */
const STATES = {
  waiting: ['wait', 'prioritized', 'delayed'],
  active: ['active'],
  done: ['completed'],
  failed: ['failed'],
} as const
export type PairStateName = keyof typeof STATES
const STATE_NAMES = Object.keys(STATES) as PairStateName[]

/** The pairs of a plan that are in the queue now. The command adds a few at a time, and removes each one once it is done. */
export interface QueuedPlan {
  planId: string
  /** How many pairs are in each state. */
  counts: Record<PairStateName, number>
  /** When the oldest of these pairs was put into the queue, in seconds since the epoch. */
  since: number
}

/**
 * Reads which plans have pairs in the queue.
 *
 * @param redisUrl - URL of the server. It may contain a password.
 * @returns Undefined if Redis does not respond within a second, or if this process does not have BullMQ.
 */
export async function readQueuedPlans(redisUrl: string): Promise<QueuedPlan[] | undefined> {
  const loading = loadLibrary()
  if (!loading) return undefined
  try {
    const queue = await openQueue(await loading, redisUrl, PAIR_QUEUE.name)
    return await inTime(plansIn(queue), KEEP_TIMEOUT_MS)
  } catch {
    return undefined
  }
}

async function plansIn(queue: Queue): Promise<QueuedPlan[]> {
  const plans = new Map<string, { counts: QueuedPlan['counts']; oldest: string[] }>()
  for (const state of STATE_NAMES) {
    // Oldest first. Redis keeps at most 1,000 pairs that are done or failed, and the command adds few at a time.
    for (const id of await queue.getRanges([...STATES[state]], 0, -1, true)) {
      // `pairId` in operator/duplicates/run/linker.ts makes these ids: the plan's id, `_` and a hash.
      const [planId = ''] = id.split('_')
      const plan = plans.get(planId) ?? { counts: { waiting: 0, active: 0, done: 0, failed: 0 }, oldest: [] }
      if (plan.counts[state] === 0) plan.oldest.push(id)
      plan.counts[state] += 1
      plans.set(planId, plan)
    }
  }
  const read = [...plans].map(async ([planId, { counts, oldest }]) => {
    const jobs = await Promise.all(oldest.map((id) => queue.getJob(id)))
    // A job may be removed while we read.
    const times = jobs.flatMap((job) => (job ? [job.timestamp] : []))
    return times.length > 0 ? [{ planId, counts, since: Math.min(...times) / 1000 }] : []
  })
  const found: QueuedPlan[] = (await Promise.all(read)).flat()
  return found.sort((one, other) => one.since - other.since)
}
