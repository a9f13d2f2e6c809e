/**
 * Users and identities as the Management API shows them.
 * @module
 */
import { z } from 'zod'
import type { StoredIdentity, StoredUser } from '../store'

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
 * A user as `GET /users/{id}` shows it: what is unset is absent, metadata too.
 *
 * @see https://auth0.com/docs/api/management/v2/users/get-users-by-id
 */
export function toManagementUser(user: StoredUser): Record<string, unknown> {
  const { password: _password, mfa, user_metadata, app_metadata, identities, ...root } = user
  return {
    ...root,
    identities: identities.map(withoutPassword),
    ...(Object.keys(user_metadata).length > 0 && { user_metadata }),
    ...(Object.keys(app_metadata).length > 0 && { app_metadata }),
    ...(mfa && { multifactor: ['otp'] }),
  }
}

/** The identities of a user as link and unlink answer them: there, the first one carries `profileData` too. */
export function toLinkedIdentities(user: StoredUser): Record<string, unknown>[] {
  return user.identities.map((identity, index) => ({
    ...withoutPassword(identity),
    ...(index === 0 && { profileData: profileOf(user) }),
  }))
}

/** The root attributes of a user that are set. */
export function profileOf(user: StoredUser): Record<string, unknown> {
  return Object.fromEntries(
    PROFILE_ATTRIBUTES.filter((name) => user[name] !== undefined).map((name) => [name, user[name]]),
  )
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
 */
export function pickFields(
  record: Record<string, unknown>,
  query: { fields?: string | undefined; include_fields?: string | undefined },
): Record<string, unknown> {
  if (query.fields === undefined || query.fields === '') return record
  const named = query.fields.split(',').map((field) => field.trim())
  const isIncluding = query.include_fields !== 'false'
  return Object.fromEntries(Object.entries(record).filter(([key]) => named.includes(key) === isIncluding))
}

function withoutPassword({ password: _password, ...identity }: StoredIdentity): Record<string, unknown> {
  return identity
}
