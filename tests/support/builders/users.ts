/**
 * Users and policies for tests of the linking rules.
 * @module
 */
import { idOf, type LinkingUser, type LinkPolicy, POLICY_OPTIONS, parseUser, readOptions } from '@/core'

/** The fields of a user that a test specifies. By default the user has the verified email address of Ann. */
export interface UserFields extends Partial<Omit<LinkingUser, 'identities' | 'bytes'>> {
  /** User ids of the other identities. */
  linked?: string[]
  /** Connection of the user's own identity. */
  connection?: string
}

/**
 * A user as the Management API would return it, parsed with `parseUser`.
 *
 * @param fields - The fields that matter to the test.
 */
export function aUser({ linked = [], connection, ...fields }: UserFields = {}): LinkingUser {
  const user_id = fields.user_id ?? 'google-oauth2|1'
  const [own, ...more] = [user_id, ...linked].map((id) => {
    const provider = id.slice(0, id.indexOf('|'))
    return { provider, user_id: idOf(id), connection: provider === 'auth0' ? 'db' : provider }
  })
  const user = parseUser({
    email: 'ann@example.com',
    email_verified: true,
    created_at: '2025-01-01T00:00:00.000Z',
    ...fields,
    user_id,
    identities: [{ ...own, ...(connection && { connection }) }, ...more],
  })
  return { ...user, rights: fields.rights }
}

/**
 * A policy with the default of every rule that the test does not set.
 *
 * @param fields - The fields that matter to the test.
 */
export function aPolicy(fields: Partial<LinkPolicy> = {}): LinkPolicy {
  return { ...readOptions(POLICY_OPTIONS, () => undefined).values, ...fields }
}

/**
 * A snapshot that says that its account is restoring metadata to an unlinked one.
 *
 * @param at - When the restore began, in seconds since the epoch.
 */
export const aReturningSnapshot = (at: number) => ({
  at: at - 1_000,
  user_id: 'github|7',
  proof: { way: 'login', client_id: 'demo-app' },
  returning: { at, undo: false },
})
