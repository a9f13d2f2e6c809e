/**
 * One attempt to send a mail about an event. `lib/jobs/job-kinds.ts` says when it is sent again.
 *
 * @see docs/reference/mail.md
 * @module
 */
import 'server-only'
import { ManagementApiError } from '../auth0/management-api-error'
import { appUrl } from '../config/app-url'
import type { DeliveryFailure, LossCode } from '../events/deliver-event'
import { mailParts, SETTINGS_PATH } from '../events/notice'
import { messagesIn } from '../messages'
import { logEvent } from '../observability/log'
import { type Delivery, deliver, drop, wasSent } from './deliver'
import { type MailContent, mailContent } from './mail-content'
import type { MailJob } from './mail-job'
import { type Recipients, readRecipients } from './read-recipients'
import { sealReport } from './report-token'
import type { MailServices } from './services'

/** How far a snapshot may be dated after its event, in seconds, because different machines may date them. */
const SKEW = 60
/** The results after which a mail is not tried again. */
const FINAL: readonly Delivery[] = ['sent', 'limit', 'bounced']

/**
 * Sends a mail once, and logs the result. Never throws.
 *
 * @param services - Undefined if the operator removed the mail server's settings.
 * @param id - Message id of the mail, the same in every attempt.
 * @param attempt - Counted from 1, for the log.
 * @returns Undefined if the mail was sent, or must not be sent.
 */
export async function attemptMail(
  services: MailServices | undefined,
  id: string,
  job: MailJob,
  attempt: number,
): Promise<DeliveryFailure | undefined> {
  if (!services) return { isFinal: 'gone' }
  if (await wasSent(services, id)) return undefined
  try {
    const recipients = await recipientsOf(services, job)
    const { to } = recipients
    if (!to) {
      drop(id, 'no_address')
      return undefined
    }
    const mail = { id, type: job.type, to, attempt }
    const delivery = await deliver(services, mail, () => contentOf(services, job, recipients))
    return FINAL.includes(delivery) ? undefined : {}
  } catch (error) {
    const isKnown = error instanceof ManagementApiError
    logEvent('mail_failed', { id, attempt, code: isKnown ? error.code : 'internal' })
    return isKnown && error.waitMs !== undefined ? { retryAfter: error.waitMs } : {}
  }
}

/** Logs that we gave up sending a mail. */
export function loseMail(id: string, code: LossCode): void {
  logEvent('mail_lost', { id, code })
}

/** Reads the recipients of a mail. A removed account can no longer be read, so its job has the email address. */
const recipientsOf = async ({ authorities }: MailServices, job: MailJob): Promise<Recipients> =>
  job.email === undefined
    ? readRecipients(authorities, job)
    : { to: job.email, otherEmail: undefined, locale: undefined, linkedAt: undefined }

/** Writes the mail in the language of the event, or else of the recipient's account, or else of the tenant. */
async function contentOf(services: MailServices, job: MailJob, recipients: Recipients): Promise<MailContent> {
  const { brands, appBaseUrl } = services
  const wanted = [job.language, recipients.locale].filter((tag) => tag !== undefined).join(' ')
  const [brand, messages] = await Promise.all([brands.brandFor(), messagesIn(services, wanted)])
  const other = job.other && { ...job.other, email: recipients.otherEmail }
  const parts = mailParts(messages, brand.name, { ...job, other }, new Date(job.at))
  const report = await reportOf(services, job, recipients, messages.language)
  const links = { report, page: `${appBaseUrl}${SETTINGS_PATH}`, support: brand.supportUrl }
  const { accent, onAccent } = brand.colors.light
  return mailContent(messages, parts, links, { brand: brand.name, accent, onAccent })
}

/** What a mail's reader can report without signing in. `link` undoes the link. Both kinds end sessions of both accounts. */
const REPORTS: Record<MailJob['type'], 'link' | 'change'> = {
  'account.linked': 'link',
  'account.unlinked': 'change',
  'account.restored': 'change',
  'account.removed': 'change',
}

/** The report that a mail offers, with the URL for it. Undefined if the link that it would undo is no longer there. */
async function reportOf(
  { sealer, appBaseUrl }: MailServices,
  { type, at, userId, other, formerlyIn }: MailJob,
  { linkedAt }: Recipients,
  language: string,
) {
  const kind = REPORTS[type]
  const isLink = kind === 'link'
  // Since the event the accounts were unlinked, or unlinked and linked again; or the link has no snapshot.
  if (isLink && (linkedAt === undefined || linkedAt > at / 1000 + SKEW)) return undefined
  const token = await sealReport(sealer, {
    ...{ kind, userId, otherId: other?.userId ?? formerlyIn, connection: other?.connection, at, language },
    ...(isLink && { linkedAt }),
  })
  return { kind, url: appUrl(appBaseUrl, '/not-me', { token }) }
}
