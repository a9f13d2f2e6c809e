import 'server-only'
import { z } from 'zod'
import { type Identity, isObject, type LinkingUser, type Metadata, parseUser } from '@/core'

// We do not trust what a provider sent: anything but a non-empty string counts as absent.
const Text = z.string().min(1).optional().catch(undefined)
const Names = z.object({ email: Text, username: Text, phone_number: Text, name: Text, nickname: Text })
const Profile = Names.extend({
  blocked: z.boolean().optional().catch(undefined),
  email_verified: z.boolean().optional().catch(undefined),
})

const RawIdentity = z.looseObject({
  provider: z.string(),
  connection: z.string().catch(''),
  // Some providers' ids are numbers in the API's JSON.
  user_id: z.union([z.string(), z.number()]),
  profileData: z.unknown().optional(),
})
// Metadata is kept as received. `z.record` would drop the key `__proto__`, which JSON allows like any other.
const Fields = z.custom<Metadata>(isObject).optional().catch(undefined)
const RawAccount = z.looseObject({
  user_id: z.string(),
  identities: z.array(RawIdentity),
  user_metadata: Fields,
  app_metadata: Fields,
})

/** The names by which the owner recognizes an account. */
export type AccountNames = z.infer<typeof Names>

/** One identity of an {@link Account}. */
export interface AccountIdentity extends Identity {
  /** The profile that the provider sent. The first identity has the account's own names instead. */
  profile: z.infer<typeof Profile>
}

/** A user of the Management API: what the linking rules need, and what the settings page also shows. */
export interface Account extends LinkingUser {
  /** The primary one first. */
  identities: AccountIdentity[]
  names: AccountNames
  last_login?: string | undefined
}

/**
 * Reads a user as the Management API returns it.
 *
 * @param raw - The JSON as received.
 * @returns The account, or undefined if the JSON is not a user. The account may have no identities: some tenants leave such a
 *   stub behind when a user is linked into another.
 * @see {@link https://auth0.com/docs/manage-users/user-accounts/user-profiles/user-profile-structure User Profile Structure}
 */
export function parseAccount(raw: unknown): Account | undefined {
  const checked = RawAccount.safeParse(raw)
  if (!checked.success) return undefined
  const user = parseUser(checked.data)
  const names = Names.parse(checked.data)
  return {
    ...user,
    names,
    last_login: Text.parse(checked.data.last_login),
    identities: user.identities.map((identity, index) => ({
      ...identity,
      profile:
        index === 0 ? names : (Profile.safeParse(checked.data.identities[index]?.profileData).data ?? {}),
    })),
  }
}
