/**
 * Background work as the rest of the application sees it.
 * @module
 */
import 'server-only'
import { doInProcess, planInProcess } from './in-process'
import type { Job, JobServices } from './job-kinds'
import { keepJob } from './queue'
import { tryJob } from './try-job'

/**
 * Does a job. With Redis it is kept first and tried at once; if that fails, or if this process ends, another one that drains the queue
 * tries it again. Otherwise this process tries it three times. Call it after the answer to the request.
 *
 * @returns When the first try is over. Never throws.
 */
export async function doJob(services: JobServices, job: Job): Promise<void> {
  const kept = await keepJob(services, job)
  if (!kept) return doInProcess(services, job)
  const outcome = await tryJob(services, job, 1)
  await (typeof outcome === 'string' ? kept.remove() : kept.retryAfter(outcome.wait))
}

/** A job that is not due yet. */
export interface PlannedJob {
  /** It is not needed any more. Never throws. */
  drop(): Promise<void>
}

/**
 * Plans a job that is not tried at once, but after the first wait of its kind. With Redis any process that drains the queue does it
 * then; otherwise this one does, as long as it lives. Never throws.
 */
export async function planJob(services: JobServices, job: Job): Promise<PlannedJob> {
  const kept = await keepJob(services, job)
  return kept ? { drop: () => kept.remove() } : planInProcess(services, job)
}
