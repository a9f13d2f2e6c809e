/**
 * Users and identities as the Management API shows them.
 * @module
 */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { StoredIdentity, StoredUser } from '../model'

/** The root attributes that go into `profileData` when a user is linked away, and come back when it is unlinked. */
export const PROFILE_ATTRIBUTES = [
  'email',
  'email_verified',
  'name',
  'given_name',
  'family_name',
  'username',
  'nickname',
  'picture',
  'phone_number',
  'phone_verified',
] as const

/**
 * A user as `GET /users/{id}` shows it: what is unset is absent, metadata too, but for what Auth0 makes up itself.
 *
 * @see https://auth0.com/docs/api/management/v2/users/get-users-by-id
 */
export function toManagementUser(user: StoredUser): Record<string, unknown> {
  const {
    password: _password,
    mfa,
    user_metadata,
    user_metadata_cleared: isCleared,
    app_metadata,
    identities,
    logins_count: logins,
    ...root
  } = user
  return {
    ...computedProfile(user),
    ...root,
    identities: identities.map(withoutPassword),
    // A count and a date of logins are there from the first login on.
    ...(logins > 0 && { logins_count: logins }),
    ...((isCleared || Object.keys(user_metadata).length > 0) && { user_metadata }),
    ...(Object.keys(app_metadata).length > 0 && { app_metadata }),
    ...(mfa && { multifactor: ['otp'] }),
  }
}

/**
 * What Auth0 shows of a user with an address where these attributes are not set: they are made up when they are shown, so
 * that a link does not carry them along.
 *
 * @see https://auth0.com/docs/manage-users/user-accounts/user-profiles/normalized-user-profile-schema
 */
export function computedProfile({ email, phone_number: phone }: StoredUser): Partial<StoredUser> {
  if (email === undefined) return phone === undefined ? {} : { name: phone }
  const hash = createHash('md5').update(email.toLowerCase()).digest('hex')
  const letters = encodeURIComponent(`https://cdn.auth0.com/avatars/${email.slice(0, 2).toLowerCase()}.png`)
  return {
    email_verified: false,
    name: email,
    nickname: email.split('@')[0],
    picture: `https://s.gravatar.com/avatar/${hash}?s=480&r=pg&d=${letters}`,
  }
}

/** The identities of a user as link and unlink answer them: there, the first one carries `profileData` too. */
export function toLinkedIdentities(user: StoredUser): Record<string, unknown>[] {
  return user.identities.map((identity, index) => ({
    ...withoutPassword(identity),
    ...(index === 0 && { profileData: profileOf(user) }),
  }))
}

/** The root attributes of a user that are set; of an address it is always said whether it is verified. */
export function profileOf(user: StoredUser): Record<string, unknown> {
  const isVerified = user.email !== undefined && { email_verified: user.email_verified ?? false }
  const set = PROFILE_ATTRIBUTES.filter((name) => user[name] !== undefined).map((name) => [name, user[name]])
  return { ...Object.fromEntries(set), ...isVerified }
}

/** The query parameters that choose fields. */
export const FieldsQuery = {
  fields: z.string().optional(),
  include_fields: z.enum(['true', 'false']).optional(),
}

/**
 * Keeps or leaves out the fields a query names.
 *
 * @param record - What to take from.
 * @param query - `fields` is a comma-separated list; `include_fields` is true when left out.
 * @param always - Fields that stay whatever the query says.
 */
export function pickFields(
  record: Record<string, unknown>,
  query: { fields?: string | undefined; include_fields?: string | undefined },
  always: string[] = [],
): Record<string, unknown> {
  if (query.fields === undefined || query.fields === '') return record
  const named = query.fields.split(',').map((field) => field.trim())
  const isIncluding = query.include_fields !== 'false'
  const isKept = (key: string) => always.includes(key) || named.includes(key) === isIncluding
  return Object.fromEntries(Object.entries(record).filter(([key]) => isKept(key)))
}

function withoutPassword({ password: _password, ...identity }: StoredIdentity): Record<string, unknown> {
  return identity
}
