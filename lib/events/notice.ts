import 'server-only'
import { splitUserId } from '../../core'
import type { Config } from '../config/config'
import { type LanguageSettings, messagesIn, providerName } from '../messages'
import type { Messages } from '../messages/en'
import { maskEmail, plainText } from '../messages/mask-email'
import { type AccountEvent, type AccountEventType, OPERATOR_WAY } from './account-event'

/** The settings that a mail needs. */
export type NoticeSettings = LanguageSettings & Pick<Config, 'appBaseUrl' | 'brandName' | 'supportUrl'>

/** A mail, in plain text. */
export interface MailText {
  subject: string
  text: string
}

/** The texts of a mail, in the order in which it shows them. */
export interface MailParts {
  subject: string
  hello: string
  /** What happened to the account. */
  what: string
  /** Lines with a label and a value each: the sign-in method, the time, who did it if an operator did, and the application if known. */
  facts: [name: string, value: string][]
  /** What to do if the reader made the change. */
  isYou: string
  /** What it means if someone else made the change. */
  notYou: string
  /** Introduces the link to the page "Sign-in methods". */
  undo: string
  /** Introduces the support URL. */
  help: string
}

/** Path of the page "Sign-in methods", on which the person can undo changes that they did not make. */
export const SETTINGS_PATH = '/settings/connected-accounts'

// Events of other types send no mail: they changed nothing for the person, or the person caused them by reporting a change
// as not theirs. Mails that need no reaction teach people to ignore the mails that need one.
const NOTICES = {
  'account.linked': 'linked',
  'account.unlinked': 'unlinked',
  'account.restored': 'restored',
  'account.removed': 'removed',
} as const

/** The events that people get mails about. */
export type NoticedType = keyof typeof NOTICES

/** @see {@link NoticedType} */
export const NOTICED_TYPES = Object.keys(NOTICES) as NoticedType[]

/** Whether people get mails about events of a type. */
export const isNoticed = (type: AccountEventType): type is NoticedType => Object.hasOwn(NOTICES, type)

/**
 * Writes the mail that tells the owner of an account what happened, when, at which application and with which sign-in method, and
 * what to do if it was someone else. If an operator did it, the mail says so. The mail contains no token and no whole email address, so
 * the same text can go to every email address of the account.
 *
 * @param at - When it happened.
 * @returns Undefined if people get no mails about this type of event.
 * @see {@link https://pages.nist.gov/800-63-4/sp800-63c.html NIST SP 800-63C-4, section 3.7.1}
 * @see {@link https://pages.nist.gov/800-63-4/sp800-63b.html NIST SP 800-63B-4, section 4.6}
 */
export async function mailTextOf(
  settings: NoticeSettings,
  event: AccountEvent,
  at: Date,
): Promise<MailText | undefined> {
  const { type } = event
  if (!isNoticed(type)) return undefined
  // There is no request to take the language from, so the mail is in the language of the event, or else of the tenant.
  const messages = await messagesIn(settings, event.language)
  const parts = mailParts(messages, settings.brandName, { ...event, type }, at)
  const paragraphs = [
    [parts.hello],
    [parts.what],
    parts.facts.map(([name, value]) => `${name}: ${value}`),
    [parts.isYou],
    [`${parts.notYou} ${parts.undo}`, `${settings.appBaseUrl}${SETTINGS_PATH}`],
    [parts.help, settings.supportUrl],
  ]
  return { subject: parts.subject, text: inText(paragraphs) }
}

/** Joins paragraphs, each a list of lines, to plain text. */
export const inText = (paragraphs: string[][]): string =>
  `${paragraphs.map((lines) => lines.join('\n')).join('\n\n')}\n`

/**
 * The parts of the mail about an event, in one language.
 *
 * @param brand - The name of the company.
 * @param at - When it happened.
 */
export function mailParts(
  messages: Messages,
  brand: string,
  event: Pick<AccountEvent, 'other' | 'clientName'> & { type: NoticedType; way?: string | undefined },
  at: Date,
): MailParts {
  const { notices } = messages
  const { subject, what, wayIn, undo } = notices[NOTICES[event.type]]
  return {
    subject: subject({ brand }),
    hello: notices.hello,
    what: what({ brand }),
    facts: [
      ...wayInOf(messages, event).map((way): [string, string] => [wayIn, way]),
      [notices.when, utc(messages.language, at)],
      ...(event.way === OPERATOR_WAY ? [[notices.doneBy, notices.support] as [string, string]] : []),
      ...(event.clientName ? [[notices.application, plainText(event.clientName)] as [string, string]] : []),
    ],
    isYou: notices.isYou,
    notYou: notices.notYou,
    undo,
    help: notices.help,
  }
}

/** The name of the sign-in method, and its masked email address if known. Empty if the event has no other account. */
function wayInOf(messages: Messages, { other }: Pick<AccountEvent, 'other'>): string[] {
  const provider = other && splitUserId(other.userId)?.provider
  if (!provider) return []
  const name = providerName(messages, { provider, connection: other.connection })
  return [other.email ? `${name}, ${maskEmail(other.email)}` : name]
}

function utc(language: string, at: Date): string {
  const format = new Intl.DateTimeFormat(language, {
    dateStyle: 'long',
    timeStyle: 'short',
    hourCycle: 'h23',
    timeZone: 'UTC',
  })
  return `${format.format(at)} UTC`
}
