/**
 * What is kept of a mail until it is sent: whose accounts it is about, but no address of them.
 * @module
 */
import 'server-only'
import { z } from 'zod'
import type { AccountEvent } from '../events/account-event'
import { isNoticed, type NoticedType } from '../events/notice'

const TYPES = [
  'account.linked',
  'account.unlinked',
  'account.restored',
  'account.removed',
] as const satisfies NoticedType[]

/** The data of a job that sends one mail. */
export const MailJob = z.object({
  type: z.enum(TYPES),
  /** When it happened, in milliseconds since the epoch. */
  at: z.number(),
  /** The account that stays, or that was removed. */
  userId: z.string(),
  other: z.object({ userId: z.string(), connection: z.string().optional() }).optional(),
  /** Of a removal: the account that it was part of. */
  formerlyIn: z.string().optional(),
  clientName: z.string().optional(),
  language: z.string().optional(),
  /** Which of the two accounts gets it. */
  to: z.enum(['account', 'other']),
  /** Of a removal: the address of the account that no longer exists. */
  email: z.string().optional(),
})

/** @see {@link MailJob} */
export type MailJob = z.output<typeof MailJob>

/**
 * The mails about an event, one for each account.
 *
 * @param at - When it happened.
 * @returns None if people get no mail about it, or if the account that was removed had no verified address.
 */
export function mailJobsOf(event: AccountEvent, at: Date): MailJob[] {
  const { type, userId, other, formerlyIn, clientName, language, email, isEmailVerified } = event
  if (!isNoticed(type)) return []
  const common = {
    ...{ type, at: at.getTime(), userId, clientName, language, formerlyIn },
    other: other && { userId: other.userId, connection: other.connection },
  }
  if (type === 'account.removed') return email && isEmailVerified ? [{ ...common, to: 'account', email }] : []
  const both: MailJob['to'][] = other ? ['account', 'other'] : ['account']
  return both.map((to) => ({ ...common, to }))
}
