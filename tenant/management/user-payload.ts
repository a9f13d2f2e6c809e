/**
 * What may be written to a user through the Management API.
 * @module
 */
import { z } from 'zod'
import type { StoredUser } from '../store'
import { ManagementRefusal } from './management-errors'
import { PROFILE_ATTRIBUTES } from './management-user'

const Metadata = z
  .record(z.string(), z.json())
  .refine(hasPlainKeys, 'Metadata keys must not contain "." or "$"')

const attributes = {
  email: z.string().includes('@'),
  email_verified: z.boolean(),
  phone_number: z.string(),
  phone_verified: z.boolean(),
  username: z.string(),
  name: z.string().min(1),
  nickname: z.string().min(1),
  given_name: z.string().min(1),
  family_name: z.string().min(1),
  picture: z.url(),
}

/** The body of `PATCH /users/{id}`: a null unsets. */
export const UserChange = z.strictObject({
  ...nullable(attributes),
  blocked: z.boolean().optional(),
  password: z.string().min(1).optional(),
  user_metadata: Metadata.optional(),
  app_metadata: Metadata.optional(),
  connection: z.string().optional(),
  client_id: z.string().optional(),
  verify_email: z.boolean().optional(),
})

/** @see {@link UserChange} */
export type UserChange = z.output<typeof UserChange>

/** The body of `POST /users`. */
export const NewUser = z.strictObject({
  ...z.strictObject(attributes).partial().shape,
  connection: z.string().min(1),
  user_id: z.string().min(1).optional(),
  password: z.string().min(1).optional(),
  blocked: z.boolean().optional(),
  user_metadata: Metadata.optional(),
  app_metadata: Metadata.optional(),
  verify_email: z.boolean().optional(),
})

/**
 * Applies a change: root attributes are replaced, metadata is merged at its first level, where a null takes a key away and
 * an empty object takes them all.
 *
 * @param user - Changed in place.
 * @param change - With the `connection` of a linked identity, its attributes are set there instead of at the root.
 * @param now - The time of the change, an ISO date.
 * @throws {ManagementRefusal} 400 when no identity of the user is of that connection.
 * @see https://auth0.com/docs/manage-users/user-accounts/metadata/manage-metadata-api
 */
export function changeUser(user: StoredUser, change: UserChange, now: string): void {
  const { user_metadata, app_metadata, connection, blocked, password } = change
  const identity = user.identities.find((each, index) =>
    connection === undefined ? index === 0 : each.connection === connection,
  )
  if (!identity) throw new ManagementRefusal(400, 'The connection does not exist.', 'inexistent_connection')
  const isLinked = identity !== user.identities[0]
  const profile: Record<string, unknown> = { ...(isLinked ? identity.profileData : user) }
  for (const name of PROFILE_ATTRIBUTES) {
    const value = change[name]
    if (value === null) delete profile[name]
    else if (value !== undefined) profile[name] = value
  }
  if (isLinked) identity.profileData = profile
  else {
    for (const name of PROFILE_ATTRIBUTES) delete user[name]
    Object.assign(user, profile)
  }
  if (password !== undefined) {
    const holder = isLinked ? identity : user
    holder.password = password
    user.last_password_reset = now
  }
  if (blocked !== undefined) user.blocked = blocked
  if (user_metadata) {
    user.user_metadata = mergeMetadata(user.user_metadata, user_metadata)
    if (Object.keys(user.user_metadata).length === 0) user.user_metadata_cleared = true
  }
  if (app_metadata) user.app_metadata = mergeMetadata(user.app_metadata, app_metadata)
  user.updated_at = now
}

/**
 * Merges metadata as Auth0 does: first level only, null deletes, an empty change clears.
 *
 * @param stored - As it is; not changed.
 * @param change - As it was sent.
 */
export function mergeMetadata(
  stored: Record<string, unknown>,
  change: Record<string, unknown>,
): Record<string, unknown> {
  if (Object.keys(change).length === 0) return {}
  return Object.fromEntries(Object.entries({ ...stored, ...change }).filter(([, value]) => value !== null))
}

function nullable<Shape extends Record<string, z.ZodType>>(
  shape: Shape,
): { [Key in keyof Shape]: z.ZodOptional<z.ZodNullable<Shape[Key]>> } {
  const entries = Object.entries(shape).map(([key, type]) => [key, type.nullable().optional()])
  return Object.fromEntries(entries)
}

function hasPlainKeys(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true
  if (Array.isArray(value)) return value.every(hasPlainKeys)
  return Object.entries(value).every(([key, each]) => !/[.$]/.test(key) && hasPlainKeys(each))
}
