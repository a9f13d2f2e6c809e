/**
 * Users and identities in the form that the Management API shows.
 * @module
 */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { StoredIdentity, StoredUser } from '../model'
import { factorsOf } from '../rights'

/** The root attributes that go into `profileData` when a user is linked, and back to the root when it is unlinked. */
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
 * Returns a user in the form of `GET /users/{id}`. Attributes and metadata that are not set are absent, except those that
 * Auth0 computes.
 *
 * @see https://auth0.com/docs/api/management/v2/users/get-users-by-id
 */
export function toManagementUser(user: StoredUser): Record<string, unknown> {
  return { ...computedProfile(user), ...toUserWithoutPicture(user) }
}

/**
 * Returns a user as {@link toManagementUser} does, but without a computed picture, because hashing the email addresses of
 * 100,000 users takes seconds.
 */
export function toUserWithoutPicture(user: StoredUser): Record<string, unknown> {
  const {
    password: _password,
    mfa: _mfa,
    rights: _rights,
    user_metadata,
    user_metadata_cleared: isCleared,
    app_metadata,
    identities,
    logins_count: logins,
    ...root
  } = user
  const factors = factorsOf(user)
  return {
    ...computedNames(user),
    ...root,
    identities: identities.map(withoutPassword),
    // The count and the date of logins appear after the first login.
    ...(logins > 0 && { logins_count: logins }),
    ...((isCleared || Object.keys(user_metadata).length > 0) && { user_metadata }),
    ...(Object.keys(app_metadata).length > 0 && { app_metadata }),
    ...(factors.length > 0 && { multifactor: factors }),
  }
}

/** Attributes that the Management API shows in another form than they are stored in. */
const RESHAPED = [
  'password',
  'mfa',
  'multifactor',
  'user_metadata_cleared',
  'user_metadata',
  'app_metadata',
  'logins_count',
]

/** Returns one attribute of {@link toManagementUser} without computing all the others. */
export function attributeOf(user: StoredUser, name: string): unknown {
  const valueIn = (record: object) => (Object.hasOwn(record, name) ? Reflect.get(record, name) : undefined)
  if (RESHAPED.includes(name)) return valueIn(toUserWithoutPicture(user))
  if (name === 'identities') return user.identities.map(withoutPassword)
  if (Object.hasOwn(user, name)) return valueIn(user)
  return valueIn(name === 'picture' ? computedProfile(user) : computedNames(user))
}

/**
 * Returns the attributes that Auth0 computes for a user with an email address, for use if they are not set. They are
 * computed when a user is shown and are not stored, so a link does not copy them into `profileData`.
 *
 * @see https://auth0.com/docs/manage-users/user-accounts/user-profiles/normalized-user-profile-schema
 */
export function computedProfile(user: StoredUser): Partial<StoredUser> {
  const { email } = user
  if (typeof email !== 'string') return computedNames(user)
  const hash = createHash('md5').update(email.toLowerCase()).digest('hex')
  const letters = encodeURIComponent(`https://cdn.auth0.com/avatars/${email.slice(0, 2).toLowerCase()}.png`)
  const picture = `https://s.gravatar.com/avatar/${hash}?s=480&r=pg&d=${letters}`
  return { ...computedNames(user), picture }
}

function computedNames({ email, phone_number: phone }: StoredUser): Partial<StoredUser> {
  if (typeof email !== 'string') return phone === undefined ? {} : { name: phone }
  return { email_verified: false, name: email, nickname: email.split('@')[0] }
}

/** Returns a user's identities in the form that link and unlink return: there, the first identity has `profileData` too. */
export function toLinkedIdentities(user: StoredUser): Record<string, unknown>[] {
  return user.identities.map((identity, index) => ({
    ...withoutPassword(identity),
    ...(index === 0 && { profileData: profileOf(user) }),
  }))
}

/** Returns the root attributes of a user that are set. If there is an email address, `email_verified` is always included. */
export function profileOf(user: StoredUser): Record<string, unknown> {
  const isVerified = typeof user.email === 'string' && { email_verified: user.email_verified ?? false }
  const set = PROFILE_ATTRIBUTES.filter((name) => user[name] !== undefined).map((name) => [name, user[name]])
  return { ...Object.fromEntries(set), ...isVerified }
}

/** The query parameters that select fields. */
export const FieldsQuery = {
  fields: z.string().optional(),
  include_fields: z.enum(['true', 'false']).optional(),
}

/**
 * Keeps or removes the fields that a query names.
 *
 * @param record - The complete record.
 * @param query - `fields` is a comma-separated list. `include_fields` is true by default.
 * @param always - Fields that are kept whatever the query says.
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
