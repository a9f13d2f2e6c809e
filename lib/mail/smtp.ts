/**
 * Handing a mail to the operator's server.
 * @module
 */
import 'server-only'
import type { Smtp } from '../config/smtp'
import type { MailLibrary } from './library'
import type { MailContent } from './mail-content'

/** Longest time for all of it, in milliseconds. With it and two reads a first try stays below the ten seconds that it has. */
const SMTP_TIMEOUT_MS = 5_000

/** Why a mail was not taken; never the address or the server's words. */
export type SmtpFailure =
  /** The server refuses the address for good. */
  | 'bounced'
  /** The server refuses the mail, the sender or the login. */
  | 'refused'
  | 'timeout'
  | 'unreachable'

/** How nodemailer's errors say what happened. */
interface MailerError {
  code?: unknown
  responseCode?: unknown
  command?: unknown
  response?: unknown
}

/** A connection to the server for each mail: mails are rare. */
const transportOf = ({ createTransport }: MailLibrary, { host, port, isTls, isOnLoopback, login }: Smtp) =>
  createTransport({
    ...{ host, port, secure: isTls, requireTLS: !isTls && !isOnLoopback },
    // On loopback there is no one to listen, and a server of the machine has a certificate of its own.
    ...(isOnLoopback && !isTls && { ignoreTLS: true }),
    ...(login && { auth: login }),
    connectionTimeout: SMTP_TIMEOUT_MS,
    greetingTimeout: SMTP_TIMEOUT_MS,
    socketTimeout: SMTP_TIMEOUT_MS,
    // Nothing here names a file or an address to attach, and nothing may.
    disableFileAccess: true,
    disableUrlAccess: true,
  })

/**
 * Hands one mail to the server, within five seconds.
 *
 * @param id - The same in every try, so that a mailbox can tell a repetition.
 * @param to - One address.
 * @returns Undefined if the server took it.
 */
export async function handOver(
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
      // As an object, so that nothing in it is read as a second address.
      to: { name: '', address: to },
      messageId: `<${id}@${senderDomain(smtp)}>`,
      // Out-of-office notes must not come back. RFC 3834, section 5.
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
 * @returns Undefined if the server would take mails.
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
 * Whether a refusal of a recipient is about the address: not about our login or the server's policy.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc3463#section-3.8 RFC 3463, section 3.8}
 */
const isOfAddress = (status: number, response: string) =>
  status >= 500 && status !== 530 && status !== 535 && !/^\d{3}[ -]5\.7\./.test(response)
