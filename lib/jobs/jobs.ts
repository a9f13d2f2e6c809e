/**
 * The functions with which the rest of the application starts background jobs.
 * @module
 */
import 'server-only'
import { afterAnswer } from '../observability/after-answer'
import { doInProcess, planInProcess } from './in-process'
import type { Job, JobServices } from './job-kinds'
import { type KeptJob, keepJob } from './queue'
import { tryJob } from './try-job'

/**
 * Does a job. With Redis, the job is stored there and then tried at once. If that attempt fails, or this process ends, a process that
 * runs the queue tries the job again. Without Redis, this process tries it up to three times. Call this after the response is sent.
 *
 * @returns Resolves after the first attempt. Never throws.
 */
export async function doJob(services: JobServices, job: Job): Promise<void> {
  const kept = await keepJob(services, job)
  return kept ? tryKept(services, job, kept) : doInProcess(services, job)
}

/**
 * Stores a job before the response to the current request, and does it after the response. Without Redis it is not stored, only done.
 *
 * @returns False if Redis is configured and did not store the job. Then the job is not done either: the sender has to send it again.
 */
export async function acceptJob(services: JobServices, job: Job): Promise<boolean> {
  const kept = await keepJob(services, job)
  if (!kept && services.redisUrl !== undefined) return false
  afterAnswer(() => (kept ? tryKept(services, job, kept) : doInProcess(services, job)))
  return true
}

async function tryKept(services: JobServices, job: Job, kept: KeptJob): Promise<void> {
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
