/**
 * The job that stores a mail until it is sent. It has the ids of the accounts, and the email addresses are read when the
 * mail is sent. Only for an account that was removed does the job have the address, because it can no longer be read.
 * @module
 */
import 'server-only'
import { z } from 'zod'
import type { AccountEvent } from '../events/account-event'
import { isNoticed, NOTICED_TYPES } from '../events/notice'

/** The data of a job that sends one mail. */
export const MailJob = z.object({
  type: z.enum(NOTICED_TYPES),
  /** When the event happened, in milliseconds since the epoch. */
  at: z.number(),
  /** The primary account, or the account that was removed. */
  userId: z.string(),
  other: z.object({ userId: z.string(), connection: z.string().optional() }).optional(),
  /** Removals only: the account that the removed one was part of. */
  formerlyIn: z.string().optional(),
  clientName: z.string().optional(),
  /** How the change was made, as in the event. Mails that were stored before an upgrade lack it. */
  way: z.string().optional(),
  language: z.string().optional(),
  /** Which account the mail goes to: `userId` or `other`. */
  to: z.enum(['account', 'other']),
  /** Removals only: the email address of the account that no longer exists. */
  email: z.string().optional(),
})

/** @see {@link MailJob} */
export type MailJob = z.output<typeof MailJob>

/**
 * The mails about an event, one for each account.
 *
 * @param at - When it happened.
 * @returns An empty list if people get no mails about this type of event, or if the removed account had no verified email address.
 */
export function mailJobsOf(event: AccountEvent, at: Date): MailJob[] {
  const { type, userId, other, formerlyIn, clientName, way, language, email, isEmailVerified } = event
  if (!isNoticed(type)) return []
  const common = {
    ...{ type, at: at.getTime(), userId, clientName, way, language, formerlyIn },
    other: other && { userId: other.userId, connection: other.connection },
  }
  if (type === 'account.removed') return email && isEmailVerified ? [{ ...common, to: 'account', email }] : []
  const both: MailJob['to'][] = other ? ['account', 'other'] : ['account']
  return both.map((to) => ({ ...common, to }))
}
