/**
 * Authentication methods in the form that the Management API shows and accepts.
 * @module
 */
import { z } from 'zod'
import type { StoredUser } from '../model'
import { rightsOf } from '../rights'
import type { StoredMethod } from '../rights-model'
import { methodId } from '../world/world-rights'

const Phone = z
  .string()
  .min(2)
  .max(30)
  .regex(/^\+\d+$/)
  .describe(
    'Applies to phone authentication methods only. The destination phone number used to send verification codes via text and voice.',
  )
const Preferred = z
  .enum(['voice', 'sms'])
  .describe('Applies to phone authentication methods only. The preferred communication method.')

/** The body of `POST /users/{id}/authentication-methods`. */
export const NewMethod = z.strictObject({
  type: z.enum(['phone', 'email', 'totp', 'webauthn-roaming', 'passkey']),
  name: z.string().describe('A human-readable label to identify the authentication method.').optional(),
  totp_secret: z.string().describe('Base32 encoded secret for TOTP generation.').optional(),
  phone_number: Phone.optional(),
  email: z.string().min(1).optional(),
  preferred_authentication_method: Preferred.optional(),
  key_id: z.string().optional(),
  public_key: z.string().optional(),
  relying_party_identifier: z.string().optional(),
  user_handle: z.string().optional(),
})

/** One entry of the body of `PUT /users/{id}/authentication-methods`. */
export const MethodReplacement = z.strictObject({
  type: z.enum(['phone', 'email', 'totp']),
  name: z.string().min(1).max(20).optional(),
  totp_secret: z.string().min(1).optional(),
  phone_number: Phone.optional(),
  email: z.string().min(1).optional(),
  preferred_authentication_method: Preferred.optional(),
})

/** The body of `PATCH /users/{id}/authentication-methods/{id}`. */
export const MethodChange = z.strictObject({
  name: z.string().optional(),
  preferred_authentication_method: Preferred.optional(),
})

/**
 * Returns an account's authentication methods. The flag `mfa` counts as a one-time code that was enrolled when the account
 * was created.
 *
 * @param user - Not changed.
 */
export function methodsOf(user: StoredUser): StoredMethod[] {
  const mfaMethod: StoredMethod = {
    id: methodId('totp', user.user_id),
    type: 'totp',
    created_at: user.created_at,
  }
  return [...(user.mfa ? [mfaMethod] : []), ...rightsOf(user).authentication_methods]
}

/** Removes the authentication methods for which `isRemoved` returns true, including the one-time code of the flag `mfa`. */
export function removeMethods(user: StoredUser, isRemoved: (method: StoredMethod) => boolean): void {
  const rights = rightsOf(user)
  if (user.mfa && methodsOf(user).slice(0, 1).some(isRemoved)) user.mfa = false
  rights.authentication_methods = rights.authentication_methods.filter((method) => !isRemoved(method))
}

/**
 * Returns an authentication method in the form of `GET /users/{id}/authentication-methods`, with email addresses and phone
 * numbers masked. Secrets of one-time codes are never shown.
 *
 * @see https://auth0.com/docs/api/management/v2/users/get-authentication-methods
 */
export function toManagementMethod(method: StoredMethod, user: StoredUser): Record<string, unknown> {
  const { id, type, ...rest } = masked(method)
  const isOfIdentity = type === 'passkey'
  return {
    id,
    type,
    confirmed: true,
    ...rest,
    ...(isOfIdentity && { identity_user_id: user.user_id }),
    ...channelOf(method),
  }
}

/** Returns a method with its email address or phone number masked as Auth0 masks it. */
export function masked(method: StoredMethod): StoredMethod {
  const { email, phone_number: phone } = method
  return {
    ...method,
    ...(email !== undefined && { email: email.split('@').map(maskedWord).join('@') }),
    ...(phone !== undefined && { phone_number: 'X'.repeat(Math.max(0, phone.length - 4)) + phone.slice(-4) }),
  }
}

/**
 * Returns what the response for a phone adds: its preferred channel, `sms` or `voice`. Returns an empty object for other
 * methods.
 */
export function channelOf({ id, preferred_authentication_method: way }: StoredMethod): object {
  if (way === undefined) return {}
  return { authentication_methods: [{ id: id.replace(/^[^|]+/, way), type: way }] }
}

/** Masks a word. A word of more than four characters keeps the first four; any other becomes `****`. */
function maskedWord(word: string): string {
  return word.length > 4 ? word.slice(0, 4) + '*'.repeat(word.length - 4) : '****'
}
