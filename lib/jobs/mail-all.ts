import 'server-only'
import type { AccountEvent } from '../events/account-event'
import { mailJobsOf } from '../mail/mail-job'
import type { JobServices } from './job-kinds'
import { doJob } from './jobs'

/**
 * Mails the owners of both accounts of an event, a job each. Call it after the answer to the request.
 *
 * @param id - Of the event.
 * @param at - When it happened.
 */
export async function mailAll(
  services: JobServices,
  id: string,
  event: AccountEvent,
  at: Date,
): Promise<void> {
  const jobs = mailJobsOf(event, at)
  await Promise.all(jobs.map((data) => doJob(services, { name: 'mail', id: `${id}_${data.to}`, data })))
}
