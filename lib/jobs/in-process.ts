/**
 * Jobs without Redis: this process tries them. If it ends, the jobs that still wait are lost.
 * @module
 */
import 'server-only'
import { processMemory } from '../process/process-memory'
import { JOB_KINDS, type Job, type JobServices } from './job-kinds'
import { tryJob } from './try-job'

/** How often a job is tried at most, including the first attempt. */
const MAX_TRIES = 3
/** How many jobs may wait, at about 2 kB each. If there are more, the oldest one is given up. */
const MAX_WAITING = 1_000

interface Waiting {
  job: Job
  timer?: NodeJS.Timeout
}

/** The waiting jobs by id, oldest first. */
const waitingJobs = () => processMemory('jobs-waiting', () => new Map<string, Waiting>())

/**
 * Tries a job now, and twice more in this process if that fails. Never throws.
 *
 * @returns Resolves after the first attempt. Later ones delay neither the caller nor the end of an idle process.
 */
export async function doInProcess(services: JobServices, job: Job): Promise<void> {
  await attempt(services, addWaiting(job), 1, MAX_TRIES)
}

/**
 * Tries a job in this process later: first after the first of its kind's `pauses`, and if that fails after the others.
 *
 * @returns `drop` cancels the job.
 */
export function planInProcess(services: JobServices, job: Job): { drop(): Promise<void> } {
  const waiting = addWaiting(job)
  const [first] = JOB_KINDS[job.name].pauses
  const start = () => void attempt(services, waiting, 2, Number.POSITIVE_INFINITY)
  waiting.timer = setTimeout(start, first).unref()
  return {
    async drop() {
      clearTimeout(waiting.timer)
      if (waitingJobs().get(job.id) === waiting) waitingJobs().delete(job.id)
    },
  }
}

function addWaiting(job: Job): Waiting {
  const all = waitingJobs()
  const [oldest] = all.values()
  if (all.size >= MAX_WAITING && oldest) giveWay(oldest)
  const waiting: Waiting = { job }
  all.set(job.id, waiting)
  return waiting
}

async function attempt(
  services: JobServices,
  waiting: Waiting,
  count: number,
  maxTries: number,
): Promise<void> {
  const all = waitingJobs()
  const { id } = waiting.job
  const outcome = await tryJob(services, waiting.job, count, maxTries)
  // During the attempt the job was canceled, or was given up because too many jobs waited.
  if (all.get(id) !== waiting) return
  if (typeof outcome === 'string') {
    all.delete(id)
    return
  }
  waiting.timer = setTimeout(() => void attempt(services, waiting, count + 1, maxTries), outcome.wait).unref()
}

function giveWay({ job: { name, id }, timer }: Waiting): void {
  clearTimeout(timer)
  waitingJobs().delete(id)
  JOB_KINDS[name].giveUp(id, 'queue_full')
}
