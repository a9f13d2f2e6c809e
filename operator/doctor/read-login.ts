import type { ManagementClient } from 'auth0'
import { type LinkingUser, normalizeEmail, parseUser } from '../../core'
import { attempt } from '../shared/tenant-reads'
import { unlessGone } from './unless-gone'

/** Somebody whose login is gone through, and the accounts that the Action would find. */
export interface Login {
  user: LinkingUser
  found: LinkingUser[]
}

/**
 * Reads who would log in; `read:users`.
 *
 * @param who - A user id, or an address: then everybody who has it.
 * @returns Nothing where there is nobody.
 * @throws {OperatorError} As `attempt` does.
 */
export async function readLogins(api: ManagementClient, who: string): Promise<Login[]> {
  if (!who.includes('|')) {
    const found = await withAddress(api, who)
    return found.map((user) => ({ user, found }))
  }
  const raw = await unlessGone(attempt(api.users.get(who)))
  if (!raw) return []
  const user = parseUser(raw)
  return [{ user, found: user.email ? await withAddress(api, user.email) : [] }]
}

/** Auth0 finds an address as it is spelled: the Action asks for both spellings as well. */
async function withAddress(api: ManagementClient, email: string): Promise<LinkingUser[]> {
  const users = new Map<string, LinkingUser>()
  for (const spelling of new Set([email, normalizeEmail(email)]))
    for (const raw of await attempt(api.users.listUsersByEmail({ email: spelling }))) {
      const user = parseUser(raw)
      users.set(user.user_id, user)
    }
  return [...users.values()]
}
