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

/** The page on which the person sees the ways into the account, and undoes what they did not do. */
const SETTINGS_PATH = '/settings/connected-accounts'

// The two other types changed nothing, and mails that need no answer teach people to ignore the ones that do.
const NOTICES: Partial<Record<AccountEventType, 'linked' | 'unlinked' | 'restored' | 'removed'>> = {
  'account.linked': 'linked',
  'account.unlinked': 'unlinked',
  'account.restored': 'restored',
  'account.removed': 'removed',
}

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
  const { appBaseUrl, brandName, supportUrl } = settings
  const kind = NOTICES[event.type]
  if (!kind) return undefined
  // No browser is involved: the mail is in the person's own language, or in the tenant's.
  const messages = await messagesIn(settings, event.language)
  const { notices } = messages
  const { subject, what, wayIn, undo } = notices[kind]
  const paragraphs = [
    [notices.hello],
    [what({ brand: brandName })],
    [
      ...wayInOf(messages, event).map((way) => `${wayIn}: ${way}`),
      `${notices.when}: ${utc(messages.language, at)}`,
      ...(event.clientName ? [`${notices.application}: ${plainText(event.clientName)}`] : []),
    ],
    [notices.isYou],
    [`${notices.notYou} ${undo}`, `${appBaseUrl}${SETTINGS_PATH}`],
    [notices.help, supportUrl],
  ]
  return {
    subject: subject({ brand: brandName }),
    text: `${paragraphs.map((lines) => lines.join('\n')).join('\n\n')}\n`,
  }
}

/** The name of the way in, and its address, as far as either is known. */
function wayInOf(messages: Messages, { other }: AccountEvent): string[] {
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
