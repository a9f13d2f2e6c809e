/**
 * Hands mails to the operator's mail server.
 * @module
 */
import 'server-only'
import type { Smtp } from '../config/smtp'
import type { MailLibrary } from './library'
import type { MailContent } from './mail-content'

/**
 * Longest time for handing over one mail, in milliseconds. Together with reading two accounts, this stays below the ten
 * seconds of a first attempt.
 */
const SMTP_TIMEOUT_MS = 5_000

/** Why the server did not accept a mail. It may be logged: it contains neither the email address nor the server's text. */
export type SmtpFailure =
  /** The server refuses the recipient's email address for good. */
  | 'bounced'
  /** The server refuses the mail, the sender or the login. */
  | 'refused'
  | 'timeout'
  | 'unreachable'

/** The properties of nodemailer's errors that we read. */
interface MailerError {
  code?: unknown
  responseCode?: unknown
  command?: unknown
  response?: unknown
}

/** Makes a transport for one mail. Mails are rare, so no connection is kept open. */
const transportOf = ({ createTransport }: MailLibrary, { host, port, isTls, isOnLoopback, login }: Smtp) =>
  createTransport({
    ...{ host, port, secure: isTls, requireTLS: !isTls && !isOnLoopback },
    // On loopback no one can eavesdrop, and a local server often has a self-signed certificate. So do not use STARTTLS there.
    ...(isOnLoopback && !isTls && { ignoreTLS: true }),
    ...(login && { auth: login }),
    connectionTimeout: SMTP_TIMEOUT_MS,
    greetingTimeout: SMTP_TIMEOUT_MS,
    socketTimeout: SMTP_TIMEOUT_MS,
    // We attach no files and no URLs, so do not let nodemailer read any.
    disableFileAccess: true,
    disableUrlAccess: true,
  })

/**
 * Hands one mail to the server, within five seconds.
 *
 * @param id - The same in every attempt, so that a mail program can recognize a repetition.
 * @param to - One email address.
 * @returns Undefined if the server accepted the mail.
 */
export async function submitMail(
  library: MailLibrary,
  smtp: Smtp,
  id: string,
  to: string,
  content: MailContent,
): Promise<SmtpFailure | undefined> {
  const signal = AbortSignal.timeout(SMTP_TIMEOUT_MS)
  try {
    await transportOf(library, smtp).sendMail({
      ...content,
      from: smtp.from,
      // Pass an object, so that nodemailer does not parse the text and find a second email address in it.
      to: { name: '', address: to },
      messageId: `<${id}@${senderDomain(smtp)}>`,
      // Ask mail systems not to send out-of-office replies. RFC 3834, section 5.
      headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
      signal,
    })
    return undefined
  } catch (error) {
    return signal.aborted ? 'timeout' : failureOf(error as MailerError)
  }
}

/**
 * Connects to the server and logs in, without sending anything.
 *
 * @returns Undefined if connecting and logging in succeeded.
 */
export async function probe(library: MailLibrary, smtp: Smtp): Promise<SmtpFailure | undefined> {
  try {
    await transportOf(library, smtp).verify()
    return undefined
  } catch (error) {
    return failureOf(error as MailerError)
  }
}

const senderDomain = ({ from }: Smtp) => /@([^\s<>@]+?)>?$/.exec(from)?.[1] ?? 'localhost'

const UNREACHABLE = ['ECONNECTION', 'ESOCKET', 'EDNS', 'ECONNREFUSED', 'ETLS']

function failureOf({ code, responseCode, command, response }: MailerError): SmtpFailure {
  if (command === 'RCPT TO' && isOfAddress(Number(responseCode), String(response))) return 'bounced'
  if (code === 'ETIMEDOUT') return 'timeout'
  return UNREACHABLE.includes(String(code)) && !responseCode ? 'unreachable' : 'refused'
}

/**
 * Whether the server refused the recipient's email address itself, and not our login or because of a policy.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc3463#section-3.8 RFC 3463, section 3.8}
 */
const isOfAddress = (status: number, response: string) =>
  status >= 500 && status !== 530 && status !== 535 && !/^\d{3}[ -]5\.7\./.test(response)
