import 'server-only'
import type { Account } from '../auth0/account'

/** An account as a list of the console shows it. */
export interface AccountLine {
  userId: string
  email: string
  /** The account's connections, and `not verified` (its email address) or `blocked` if that is so. */
  about: string
}

/** Makes the line that shows an account in a list. */
export function toAccountLine({
  user_id: userId,
  email,
  identities,
  email_verified,
  blocked,
}: Account): AccountLine {
  const connections = identities.map(({ connection }) => connection).join(', ')
  const unusual = [email && email_verified !== true && 'not verified', blocked && 'blocked'].filter(Boolean)
  return { userId, email: email ?? 'no email', about: [connections, ...unusual].join(' · ') }
}
