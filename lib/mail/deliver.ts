/**
 * Hands a mail to the operator's mail server, within the limits that hold for every email address. Logs what became of it.
 * @module
 */
import 'server-only'
import { normalizeEmail } from '../../core'
import { fingerprint, logEvent } from '../observability/log'
import { fallBackIfStoreDown } from '../store/or-fallback'
import { loadMailLibrary } from './library'
import type { MailContent } from './mail-content'
import type { MailServices } from './services'
import { type SmtpFailure, submitMail } from './smtp'

/** Most mails that we send to one email address within {@link DAY}. */
const MAX_MAILS = 5
const DAY = 86_400
/** How long we send no mail to an email address that the mail server refused, in seconds. */
const BOUNCED_SECONDS = 7 * DAY
/** How long we remember that a mail was sent, in seconds. That is longer than its job is retried. */
const SENT_SECONDS = 2 * DAY

/** A mail to one email address. */
export interface OutgoingMail {
  /** Message id of the mail, the same in every attempt. */
  id: string
  /** What the mail is about, for the log. */
  type: string
  to: string
  /** Counted from 1, for the log. */
  attempt: number
}

/**
 * What became of a mail. `limit`: its address already got {@link MAX_MAILS} today. `bounced`: the server refuses the address, now or
 * within the last week.
 */
export type Delivery = 'sent' | 'limit' | SmtpFailure

type DeliveryServices = Pick<MailServices, 'smtp' | 'store'>

/** Whether the store remembers that a mail was sent. If the store is down, it does not. */
export const wasSent = ({ store }: Pick<MailServices, 'store'>, id: string): Promise<boolean> =>
  fallBackIfStoreDown(store.isTaken(sentKey(id)), false)

const sentKey = (id: string) => `mail_sent:${id}`

/**
 * Makes one attempt to send a mail. If the process is killed after the server accepted the mail, but before the store remembers that,
 * the next attempt sends it twice.
 *
 * @param makeContent - Called only if the mail may be sent.
 */
export async function deliver(
  { store, smtp }: DeliveryServices,
  { id, type, to, attempt }: OutgoingMail,
  makeContent: () => Promise<MailContent>,
): Promise<Delivery> {
  const address = fingerprint(normalizeEmail(to))
  if (await fallBackIfStoreDown(store.isTaken(`mail_bounced:${address}`), false)) return drop(id, 'bounced')
  const count = (by: number) => fallBackIfStoreDown(store.count(`mails_to:${address}`, DAY, by), undefined)
  if (((await count(1))?.count ?? 0) > MAX_MAILS) {
    await count(-1)
    return drop(id, 'limit')
  }
  const library = await loadMailLibrary()
  const failure = library ? await submitMail(library, smtp, id, to, await makeContent()) : 'unreachable'
  if (!failure) {
    await fallBackIfStoreDown(store.take(sentKey(id), SENT_SECONDS), true)
    logEvent('mail_sent', { id, type, to: address })
    return 'sent'
  }
  await count(-1)
  if (failure === 'bounced') {
    await fallBackIfStoreDown(store.take(`mail_bounced:${address}`, BOUNCED_SECONDS), true)
    return drop(id, 'bounced')
  }
  logEvent('mail_failed', { id, attempt, code: failure })
  return failure
}

/** Logs that a mail is not sent, and why. */
export function drop<Code extends 'no_address' | 'limit' | 'bounced'>(id: string, code: Code): Code {
  logEvent('mail_dropped', { id, code })
  return code
}
