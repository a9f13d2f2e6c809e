import 'server-only'
import type { AccountView } from '@/components/ui/account-tile'
import type { Account, AccountNames } from '@/lib/auth0/account'
import type { Messages } from '@/lib/messages/en'
import { maskEmail, maskName, maskPhone, plainText, wholeEmail } from '@/lib/messages/mask-email'
import type { NamedConnection, Way } from '@/lib/messages/way-name'
import { wayView } from '../../link-flow/views/account-views'

/**
 * An account of a person. Everything but the account's own current address, name or number is masked: someone may look over the
 * shoulder of an owner who connected it long ago.
 *
 * @param names - What the provider says about it.
 * @param own - The account of the person who is signed in.
 * @param known - The tenant's connections, as far as they are known.
 */
export function accountName(
  messages: Messages,
  way: Way,
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
 * An account that was signed in to just now, with its whole address: only the address shows a mix-up at the provider, and the viewer
 * has just seen it there.
 *
 * @param names - As just read of the account.
 * @param known - The tenant's connections, as far as they are known.
 */
export function provenName(
  messages: Messages,
  way: Way,
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
