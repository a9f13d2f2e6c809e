/**
 * The functions with which the rest of the application starts background jobs.
 * @module
 */
import 'server-only'
import { doInProcess, planInProcess } from './in-process'
import type { Job, JobServices } from './job-kinds'
import { keepJob } from './queue'
import { tryJob } from './try-job'

/**
 * Does a job. With Redis, the job is stored there and then tried at once. If that attempt fails, or this process ends, a process that
 * runs the queue tries the job again. Without Redis, this process tries it up to three times. Call this after the response is sent.
 *
 * @returns Resolves after the first attempt. Never throws.
 */
export async function doJob(services: JobServices, job: Job): Promise<void> {
  const kept = await keepJob(services, job)
  if (!kept) return doInProcess(services, job)
  const outcome = await tryJob(services, job, 1)
  await (typeof outcome === 'string' ? kept.remove() : kept.retryAfter(outcome.wait))
}

/** A job that is not due yet. */
export interface PlannedJob {
  /** Cancels the job. Never throws. */
  drop(): Promise<void>
}

/**
 * Plans a job for later: it is first tried after the first of its kind's `pauses`. With Redis, any process that runs the queue does it
 * then. Without Redis, this process does, if it still runs. Never throws.
 */
export async function planJob(services: JobServices, job: Job): Promise<PlannedJob> {
  const kept = await keepJob(services, job)
  return kept ? { drop: () => kept.remove() } : planInProcess(services, job)
}
