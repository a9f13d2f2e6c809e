import 'server-only'
import type { AccountView } from '@/components/ui/account-tile'
import type { Account, AccountNames } from '@/lib/auth0/account'
import type { Messages } from '@/lib/messages/en'
import { maskEmail, maskName, maskPhone, plainText, wholeEmail } from '@/lib/messages/mask-email'
import type { NamedConnection, SignInMethod } from '@/lib/messages/way-name'
import { wayView } from '../../link-flow/views/account-views'

/**
 * The name under which the page shows one of a person's accounts. An email address, phone number or other name is masked
 * unless the person's current account has the same one: they may have connected the account long ago, and someone may look
 * over their shoulder.
 *
 * @param names - Names of the account, as its provider reports them.
 * @param own - The account of the person who is signed in.
 * @param known - The tenant's connections; empty if they could not be listed.
 */
export function accountName(
  messages: Messages,
  way: SignInMethod,
  names: Partial<AccountNames>,
  own: Account,
  known: NamedConnection[] = [],
): AccountView & { label: string } {
  return {
    ...wayView(messages, way, known),
    label: labelOf(names, own.names) ?? messages.settings.noLabel,
  }
}

/**
 * The name under which the page shows an account that the person has just signed in to, with its whole email address. Only
 * the whole address shows the person that they chose the wrong account at the provider, and they have just seen it there
 * anyway.
 *
 * @param names - Names of the account, freshly read from the tenant.
 * @param known - The tenant's connections; empty if they could not be listed.
 */
export function provenName(
  messages: Messages,
  way: SignInMethod,
  names: Partial<AccountNames>,
  known: NamedConnection[] = [],
): AccountView {
  const { email, username, phone_number: phone, nickname, name } = names
  const other = username ?? phone ?? nickname ?? name
  const label = email ? wholeEmail(email) : other && plainText(other)
  return { ...wayView(messages, way, known), label: label || messages.settings.noLabel }
}

function labelOf(names: Partial<AccountNames>, own: AccountNames): string | undefined {
  const { email, username, phone_number: phone, nickname, name } = names
  if (email) return email === own.email ? wholeEmail(email) : maskEmail(email)
  if (username) return username === own.username ? plainText(username) : maskName(username)
  if (phone) return phone === own.phone_number ? plainText(phone) : maskPhone(phone)
  const other = nickname ?? name
  if (other) return other === own.nickname || other === own.name ? plainText(other) : maskName(other)
  return undefined
}
