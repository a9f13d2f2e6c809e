import type { ManagementClient } from 'auth0'
import { type LinkingUser, normalizeEmail, parseUser } from '../../core'
import { callTenant } from '../shared/tenant-reads'
import { unlessGone } from './unless-gone'

/** A user whose login is simulated, and the accounts that the Action would find. */
export interface Login {
  user: LinkingUser
  found: LinkingUser[]
}

/**
 * Reads the users who would log in. Needs `read:users`.
 *
 * @param who - A user id, or an email address for every user who has that address.
 * @returns An empty list if there is no such user.
 * @throws {OperatorError} The errors of {@link callTenant}.
 */
export async function readLogins(api: ManagementClient, who: string): Promise<Login[]> {
  if (!who.includes('|')) {
    const found = await withAddress(api, who)
    return found.map((user) => ({ user, found }))
  }
  const raw = await unlessGone(callTenant(api.users.get(who)))
  if (!raw) return []
  const user = parseUser(raw)
  return [{ user, found: user.email ? await withAddress(api, user.email) : [] }]
}

/** Auth0's lookup is case-sensitive, so this looks up both spellings, as the Action does. */
async function withAddress(api: ManagementClient, email: string): Promise<LinkingUser[]> {
  const users = new Map<string, LinkingUser>()
  for (const spelling of new Set([email, normalizeEmail(email)]))
    for (const raw of await callTenant(api.users.listUsersByEmail({ email: spelling }))) {
      const user = parseUser(raw)
      users.set(user.user_id, user)
    }
  return [...users.values()]
}
