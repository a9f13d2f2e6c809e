import 'server-only'
import type { AccountName, ProviderMarkName } from '@/components/accounts/connected-account'
import type { Account, AccountNames } from '@/lib/auth0/account'
import type { Connection } from '@/lib/auth0/connection'
import { providerName } from '@/lib/messages'
import type { Messages } from '@/lib/messages/en'
import { maskEmail, maskName, maskPhone, plainText, wholeEmail } from '@/lib/messages/mask-email'

const MARKS: Record<string, ProviderMarkName> = {
  auth0: 'password',
  email: 'email',
  sms: 'phone',
  'google-oauth2': 'google',
  github: 'github',
  apple: 'apple',
  facebook: 'facebook',
  linkedin: 'linkedin',
  windowslive: 'microsoft',
}

/** Where an identity comes from. */
interface Source {
  provider: string
  connection: string
}

/** What a provider calls itself, at the beginning of a line, and its mark. */
export function providerView(
  messages: Messages,
  { provider, connection }: Source,
): Omit<AccountName, 'label'> {
  const { providers } = messages.settings
  const own = Object.hasOwn(providers, provider) && providers[provider]
  return {
    provider: own || providerName(messages, { provider, connection }),
    mark: (Object.hasOwn(MARKS, provider) && MARKS[provider]) || 'enterprise',
  }
}

/** What a connection is called: by its own name for people, unless we have a word for its kind. */
export function connectionView(
  messages: Messages,
  { name, strategy, displayName }: Connection,
): Omit<AccountName, 'label'> {
  const view = providerView(messages, { provider: strategy, connection: displayName ?? name })
  // Two databases are told apart by name only.
  return displayName && strategy === 'auth0' ? { ...view, provider: plainText(displayName) } : view
}

/**
 * An account of a person. Whatever is not the account's own current address, name or number is masked: somebody may look over
 * the shoulder of an owner who connected it long ago.
 *
 * @param names - What the provider says of it.
 * @param own - The account of whoever is signed in.
 */
export function accountName(
  messages: Messages,
  source: Source,
  names: Partial<AccountNames>,
  own: Account,
): AccountName {
  return {
    ...providerView(messages, source),
    label: labelOf(names, own.names) ?? messages.settings.noLabel,
  }
}

/**
 * An account that was signed in to just now, whole: a mix-up at the provider shows in the address alone, and who looks at it has
 * just been there.
 *
 * @param names - As just read of the account.
 */
export function provenName(messages: Messages, source: Source, names: Partial<AccountNames>): AccountName {
  const { email, username, phone_number: phone, nickname, name } = names
  const other = username ?? phone ?? nickname ?? name
  const label = email ? wholeEmail(email) : other && plainText(other)
  return { ...providerView(messages, source), label: label || messages.settings.noLabel }
}

function labelOf(names: Partial<AccountNames>, own: AccountNames): string | undefined {
  const { email, username, phone_number: phone, nickname, name } = names
  if (email) return email === own.email ? plainText(email) : maskEmail(email)
  if (username) return username === own.username ? plainText(username) : maskName(username)
  if (phone) return phone === own.phone_number ? plainText(phone) : maskPhone(phone)
  const other = nickname ?? name
  if (other) return other === own.nickname || other === own.name ? plainText(other) : maskName(other)
  return undefined
}
