/**
 * Background work as the rest of the application sees it.
 * @module
 */
import 'server-only'
import { doInProcess } from './in-process'
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
