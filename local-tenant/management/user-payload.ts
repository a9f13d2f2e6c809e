/**
 * Changes to users through the Management API.
 * @module
 */
import { z } from 'zod'
import type { StoredUser } from '../model'
import { parseUrl } from '../parse-url'
import { ManagementRefusal } from './management-errors'
import { PROFILE_ATTRIBUTES } from './management-user'
import { ofFormat } from './validation-message'

const Metadata = z
  .record(z.string(), z.json())
  .refine(hasPlainKeys, 'Metadata keys must not contain "." or "$"')

// Properties that are accepted both when a user is created and when it is changed.
const PhoneVerified = z
  .boolean()
  .describe('Whether this phone number has been verified (true) or not (false).')
  .optional()
const Blocked = z
  .boolean()
  .describe('Whether this user was blocked by an administrator (true) or not (false).')
  .optional()
const UserMetadata = Metadata.describe(
  "Data related to the user that does not affect the application's core functionality.",
).optional()
const AppMetadata = Metadata.describe(
  "Data related to the user that does affect the application's core functionality.",
).optional()

/** The body of `PATCH /users/{id}`. Null unsets an attribute. */
export const UserChange = z.strictObject({
  email: ofFormat('email', (text) => text.includes('@'))
    .describe('Email address of this user.')
    .nullable()
    .optional(),
  email_verified: z
    .boolean()
    .describe(
      'Whether this email address is verified (true) or unverified (false). If set to false the user will not receive a verification email unless `verify_email` is set to true.',
    )
    .optional(),
  phone_number: z
    .string()
    .regex(/^\+[0-9]{1,15}$/)
    .describe("The user's phone number (following the E.164 recommendation).")
    .nullable()
    .optional(),
  phone_verified: PhoneVerified,
  username: z
    .string()
    .min(1)
    .max(128)
    .describe("The user's username. Only valid if the connection requires a username.")
    .nullable()
    .optional(),
  name: z.string().min(1).max(300).describe('Name of this user.').nullable().optional(),
  nickname: z
    .string()
    .min(1)
    .max(300)
    .describe('Preferred nickname or alias of this user.')
    .nullable()
    .optional(),
  given_name: z
    .string()
    .min(1)
    .max(150)
    .describe('Given name/first name/forename of this user.')
    .nullable()
    .optional(),
  family_name: z
    .string()
    .min(1)
    .max(150)
    .describe('Family name/last name/surname of this user.')
    .nullable()
    .optional(),
  picture: ofFormat('strict-uri', (text) => parseUrl(text) !== undefined)
    .describe('URL to picture, photo, or avatar of this user.')
    .nullable()
    .optional(),
  blocked: Blocked,
  password: z
    .string()
    .min(1)
    .describe('New password for this user. Only valid for database connections.')
    .nullable()
    .optional(),
  user_metadata: UserMetadata,
  app_metadata: AppMetadata,
  verify_email: z
    .boolean()
    .describe(
      'Whether this user will receive a verification email after creation (true) or no email (false). Overrides behavior of `email_verified` parameter.',
    )
    .optional(),
  connection: z.string().min(1).describe('Name of the connection to target for this user update.').optional(),
  client_id: z
    .string()
    .min(1)
    .describe('Auth0 client ID. Only valid when updating email address.')
    .optional(),
  verify_phone_number: z
    .boolean()
    .describe(
      'Whether this user will receive a text after changing the phone number (true) or no text (false). Only valid when changing phone number for SMS connections.',
    )
    .optional(),
})

/** @see {@link UserChange} */
export type UserChange = z.output<typeof UserChange>

/** The body of `POST /users`. */
export const NewUser = z.strictObject({
  email: ofFormat('email', (text) => text.includes('@'))
    .describe("The user's email.")
    .optional(),
  email_verified: z
    .boolean()
    .describe(
      'Whether this email address is verified (true) or unverified (false). User will receive a verification email after creation if `email_verified` is false or not specified',
    )
    .optional(),
  phone_number: z
    .string()
    .regex(/^\+[0-9]{1,15}$/)
    .describe("The user's phone number (following the E.164 recommendation).")
    .optional(),
  phone_verified: PhoneVerified,
  username: z
    .string()
    .min(1)
    .max(128)
    .describe("The user's username. Only valid if the connection requires a username.")
    .optional(),
  name: z.string().min(1).max(300).describe("The user's full name.").optional(),
  nickname: z.string().min(1).max(300).describe("The user's nickname.").optional(),
  given_name: z.string().min(1).max(150).describe("The user's given name(s).").optional(),
  family_name: z.string().min(1).max(150).describe("The user's family name(s).").optional(),
  picture: ofFormat('strict-uri', (text) => parseUrl(text) !== undefined)
    .describe("A URI pointing to the user's picture.")
    .optional(),
  blocked: Blocked,
  password: z
    .string()
    .min(1)
    .describe('Initial password for this user. Only valid for auth0 connection strategy.')
    .optional(),
  user_metadata: UserMetadata,
  app_metadata: AppMetadata,
  verify_email: z
    .boolean()
    .describe(
      'Whether the user will receive a verification email after creation (true) or no email (false). Overrides behavior of `email_verified` parameter.',
    )
    .optional(),
  connection: z.string().min(1).describe('Name of the connection this user should be created in.'),
  user_id: z
    .string()
    .max(255)
    .regex(/^\S*$/)
    .describe("The external user's id provided by the identity provider.")
    .optional(),
})

/** @see {@link NewUser} */
export type NewUser = z.output<typeof NewUser>

/**
 * Applies a change. Root attributes are replaced. Metadata is merged at its first level: null removes a key, and an empty
 * object removes all keys.
 *
 * @param user - Changed in place.
 * @param change - The change. If it names the `connection` of a linked identity, the attributes of that identity are set
 *   instead of the root attributes.
 * @param now - The time of the change, an ISO date.
 * @throws {ManagementRefusal} 400 if no identity of the user belongs to that connection.
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
    if (password === null) delete holder.password
    else holder.password = password
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
 * Merges metadata as Auth0 does: at the first level only. Null removes a key, and an empty change removes all.
 *
 * @param stored - The stored metadata; not changed.
 * @param change - The change as sent.
 */
function mergeMetadata(
  stored: Record<string, unknown>,
  change: Record<string, unknown>,
): Record<string, unknown> {
  if (Object.keys(change).length === 0) return {}
  return Object.fromEntries(Object.entries({ ...stored, ...change }).filter(([, value]) => value !== null))
}

function hasPlainKeys(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true
  if (Array.isArray(value)) return value.every(hasPlainKeys)
  return Object.entries(value).every(([key, each]) => !/[.$]/.test(key) && hasPlainKeys(each))
}
