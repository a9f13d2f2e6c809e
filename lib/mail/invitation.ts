/**
 * The mail that tells a person that several accounts have their email address, and that the next login asks whether to link them.
 * It needs no answer, and has no token: its only link of ours is the address of the page "Sign-in methods".
 * @module
 */
import 'server-only'
import { normalizeEmail } from '../../core'
import type { Account } from '../auth0/account'
import { type MailParts, SETTINGS_PATH } from '../events/notice'
import { messagesIn, providerName } from '../messages'
import type { Messages } from '../messages/en'
import { listOf } from '../messages/list'
import { maskEmail } from '../messages/mask-email'
import { type Delivery, deliver, wasSent } from './deliver'
import { type MailContent, mailContent } from './mail-content'
import type { MailServices } from './services'

/** What an invitation shows of an account. */
export type InvitedAccount = Pick<Account, 'email' | 'identities' | 'user_metadata'>

/** How many sign-in methods of one account an invitation names. It counts the others. */
const MAX_NAMED = 5

/** An invitation to one person. */
export interface Invitation {
  /** Message id, the same in every attempt. */
  id: string
  /** The verified email address that all of the accounts have. */
  to: string
  /** The accounts that could be linked, the one that would stay first. */
  accounts: InvitedAccount[]
}

/**
 * Makes one attempt to send an invitation. Its language is the first that we have among the accounts'
 * `user_metadata.locale`, or else among the tenant's languages.
 *
 * @returns `sent` also if an earlier attempt is known to have sent it.
 */
export async function sendInvitation(
  services: MailServices,
  { id, to, accounts }: Invitation,
): Promise<Delivery> {
  if (await wasSent(services, id)) return 'sent'
  return deliver(services, { id, type: 'invitation', to, attempt: 1 }, () =>
    contentOf(services, to, accounts),
  )
}

async function contentOf(
  { brands, appBaseUrl, messageOverrides }: MailServices,
  to: string,
  accounts: InvitedAccount[],
): Promise<MailContent> {
  const brand = await brands.brandFor()
  const wanted = accounts.flatMap(({ user_metadata: { locale } }) =>
    typeof locale === 'string' ? locale.replaceAll('_', '-') : [],
  )
  const messages = await messagesIn(
    { messageOverrides, defaultLocales: () => brand.enabledLocales },
    wanted.join(' '),
  )
  const links = { report: undefined, page: `${appBaseUrl}${SETTINGS_PATH}`, support: brand.supportUrl }
  const { accent, onAccent } = brand.colors.light
  return mailContent(messages, invitationParts(messages, brand.name, to, accounts), links, {
    brand: brand.name,
    accent,
    onAccent,
  })
}

/**
 * The parts of an invitation, in one language. Email addresses other than the recipient's are masked.
 *
 * @param brand - The name of the company.
 * @param to - The recipient's email address.
 */
export function invitationParts(
  messages: Messages,
  brand: string,
  to: string,
  accounts: InvitedAccount[],
): MailParts {
  const { subject, what, account, next, leave, page } = messages.mails.invitation
  return {
    subject: subject({ brand }),
    hello: messages.notices.hello,
    what: what({ brand }),
    facts: accounts.map((each): [string, string] => [account, waysOf(messages, to, each)]),
    isYou: next,
    notYou: leave({ button: messages.buttons.never }),
    undo: page,
    help: messages.notices.help,
  }
}

/** The sign-in methods of an account, as a list. The email address of the first identity is that of the account. */
function waysOf(messages: Messages, to: string, { email, identities }: InvitedAccount): string {
  const ways = identities.slice(0, MAX_NAMED).map((identity, index) => {
    const name = providerName(messages, identity)
    const address = index === 0 ? email : identity.profile.email
    const isRecipients = !address || normalizeEmail(address) === normalizeEmail(to)
    return isRecipients ? name : `${name} (${maskEmail(address)})`
  })
  const more = identities.length - ways.length
  return listOf(messages, more > 0 ? [...ways, messages.effects.waysOnly({ count: more })] : ways)
}
