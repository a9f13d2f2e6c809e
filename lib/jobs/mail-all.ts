import 'server-only'
import type { AccountEvent } from '../events/account-event'
import { mailJobsOf } from '../mail/mail-job'
import type { JobServices } from './job-kinds'
import { doJob } from './jobs'

/**
 * Sends mails about an event to the owners of its accounts: one job for each mail. Call this after the response is sent.
 *
 * @param id - The id of the event.
 * @param at - When the event happened.
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
