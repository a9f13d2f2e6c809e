/**
 * Tries the server that sends mails.
 * @module
 */
import type { Config } from '../../lib/config/config'
import { probe, submitMail } from '../../lib/mail/smtp'
import type { MailFacts } from './facts'

/**
 * Connects and logs in; with an address, sends a mail to it as well.
 *
 * @param to - The email address for a test mail; undefined to send none.
 */
export async function examineMail(
  smtp: NonNullable<Config['smtp']>,
  to: string | undefined,
): Promise<MailFacts> {
  const library = await import('nodemailer')
  if (to === undefined) return { failure: await probe(library, smtp) }
  const text = 'This is a test of npm run doctor. The service can send mails.\n'
  const content = { subject: 'Account linking: a test', text, html: `<p>${text}</p>` }
  return { failure: await submitMail(library, smtp, `doctor.${crypto.randomUUID()}`, to, content) }
}
