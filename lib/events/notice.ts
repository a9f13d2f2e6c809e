import 'server-only'
import { splitUserId } from '../../core'
import type { Config } from '../config/config'
import { type LanguageSettings, messagesIn, providerName } from '../messages'
import type { Messages } from '../messages/en'
import { maskEmail, plainText } from '../messages/mask-email'
import type { AccountEvent, AccountEventType } from './account-event'

/** What a mail needs to know of this installation. */
export type NoticeSettings = LanguageSettings & Pick<Config, 'appBaseUrl' | 'brandName' | 'supportUrl'>

/** A mail, in plain text. */
export interface Notice {
  subject: string
  text: string
}

/** The parts of a mail that tells the owner of an account what happened to it. */
export interface NoticeParts {
  subject: string
  hello: string
  what: string
  /** Which way in, when and where: a name and a value each. */
  facts: [name: string, value: string][]
  isYou: string
  notYou: string
  undo: string
  help: string
}

/** The page on which the person sees the ways into the account, and undoes what they did not do. */
export const SETTINGS_PATH = '/settings/connected-accounts'

// The other types changed nothing, or were reported by the person, and mails that need no answer teach people to ignore the ones that do.
const NOTICES = {
  'account.linked': 'linked',
  'account.unlinked': 'unlinked',
  'account.restored': 'restored',
  'account.removed': 'removed',
} as const

/** The events that people get mails about. */
export type NoticedType = keyof typeof NOTICES

/** Whether people get mails about events of a type. */
export const isNoticed = (type: AccountEventType): type is NoticedType => Object.hasOwn(NOTICES, type)

/**
 * The mail that tells the owner of an account what happened to it: what, when, where, which way in, and what to do if it
 * was someone else. Holds no token and no whole address, so the same text can go to every address of the account.
 *
 * @param at - When it happened.
 * @returns Undefined if nothing was changed.
 * @see {@link https://pages.nist.gov/800-63-4/sp800-63c.html NIST SP 800-63C-4, section 3.7.1}
 * @see {@link https://pages.nist.gov/800-63-4/sp800-63b.html NIST SP 800-63B-4, section 4.6}
 */
export async function noticeOf(
  settings: NoticeSettings,
  event: AccountEvent,
  at: Date,
): Promise<Notice | undefined> {
  const { type } = event
  if (!isNoticed(type)) return undefined
  // No browser is involved: the mail is in the person's own language, or in the tenant's.
  const messages = await messagesIn(settings, event.language)
  const parts = noticeParts(messages, settings.brandName, { ...event, type }, at)
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

/** Paragraphs of lines as plain text. */
export const inText = (paragraphs: string[][]): string =>
  `${paragraphs.map((lines) => lines.join('\n')).join('\n\n')}\n`

/**
 * The parts of the mail about an event, in one language.
 *
 * @param brand - The name of the company.
 * @param at - When it happened.
 */
export function noticeParts(
  messages: Messages,
  brand: string,
  event: Pick<AccountEvent, 'other' | 'clientName'> & { type: NoticedType },
  at: Date,
): NoticeParts {
  const { notices } = messages
  const { subject, what, wayIn, undo } = notices[NOTICES[event.type]]
  return {
    subject: subject({ brand }),
    hello: notices.hello,
    what: what({ brand }),
    facts: [
      ...wayInOf(messages, event).map((way): [string, string] => [wayIn, way]),
      [notices.when, utc(messages.language, at)],
      ...(event.clientName ? [[notices.application, plainText(event.clientName)] as [string, string]] : []),
    ],
    isYou: notices.isYou,
    notYou: notices.notYou,
    undo,
    help: notices.help,
  }
}

/** The name of the way in, and its address, as far as either is known. */
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
