/**
 * Jobs without Redis: they are tried in this process, and what waits is lost with it.
 * @module
 */
import 'server-only'
import { processMemory } from '../process/process-memory'
import { JOB_KINDS, type Job, type JobServices } from './job-kinds'
import { tryJob } from './try-job'

/** Tries of a job, the first one included. */
const MAX_TRIES = 3
/** Jobs waiting at most, some 2 kB each. Beyond it the oldest one is given up. */
const MAX_WAITING = 1_000

interface Waiting {
  job: Job
  timer?: NodeJS.Timeout
}

/** By id, oldest first. */
const waitingJobs = () => processMemory('jobs-waiting', () => new Map<string, Waiting>())

/**
 * Tries a job now, and twice more in this process if that fails. Never throws.
 *
 * @returns When the first try is over; later ones keep neither the caller nor an idle process waiting.
 */
export async function doInProcess(services: JobServices, job: Job): Promise<void> {
  const all = waitingJobs()
  const [oldest] = all.values()
  if (all.size >= MAX_WAITING && oldest) giveWay(oldest)
  const waiting: Waiting = { job }
  all.set(job.id, waiting)
  await attempt(services, waiting, 1)
}

async function attempt(services: JobServices, waiting: Waiting, count: number): Promise<void> {
  const all = waitingJobs()
  const { id } = waiting.job
  const outcome = await tryJob(services, waiting.job, count, MAX_TRIES)
  // It gave way while it was being tried.
  if (all.get(id) !== waiting) return
  if (typeof outcome === 'string') {
    all.delete(id)
    return
  }
  waiting.timer = setTimeout(() => void attempt(services, waiting, count + 1), outcome.wait).unref()
}

function giveWay({ job: { name, id }, timer }: Waiting): void {
  clearTimeout(timer)
  waitingJobs().delete(id)
  JOB_KINDS[name].giveUp(id, 'queue_full')
}
