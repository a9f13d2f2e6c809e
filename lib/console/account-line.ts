import 'server-only'
import type { Account } from '../auth0/account'

/** An account as the console lists it. */
export interface AccountLine {
  userId: string
  email: string
  /** Its connections, and what is unusual about it. */
  about: string
}

/** The line of an account in a list. */
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
