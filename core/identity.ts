/**
 * Users and identities as the linking rules see them, and how to split their ids. Users keep the field names of the tenant's
 * JSON: the rules run inside the Action, where translating the names would cost more than it explains.
 * @module
 */
import type { Rights } from './rights/rights'

/** A way to sign in: an entry of `user.identities`. Session and response tokens use this format, too. */
export interface Identity {
  /** `provider|id`: the user id that the identity has if it is not linked. */
  user_id: string
  provider: string
  /** Connection name. */
  connection: string
}

/** `user_metadata` or `app_metadata`, which may be any JSON object. */
export type Metadata = Record<string, unknown>

/** A user as read from the tenant. Identities and metadata are never absent, only empty. */
export interface LinkingUser {
  user_id: string
  email?: string
  email_verified?: unknown
  blocked?: unknown
  /** Second factors; not empty if the user has enrolled one. */
  multifactor?: unknown[]
  created_at?: string
  logins_count?: number
  /** The identities. The first one is the user's own; the others are linked. */
  identities: Identity[]
  user_metadata: Metadata
  app_metadata: Metadata
  /** Roles, permissions, memberships and factors. A kind that was not read is missing. */
  rights?: Rights | undefined
  /** Bytes of the user as the tenant returned it, as JSON. */
  bytes: number
}

/** Whether a value is a valid time in seconds since the epoch. */
export const isTime = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) > 0 && (value as number) <= 8.64e12

/** Converts a date of the tenant to whole seconds since the epoch; 0 if it is no date. */
export const secondsOf = (date: unknown): number =>
  Math.floor(Date.parse(isString(date) ? date : '') / 1_000) || 0

/** Whether a value is a string. */
export const isString = (value: unknown): value is string => typeof value === 'string'

/** Whether a value is a JSON object. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Bytes of a value as JSON in UTF-8; infinity if it is nested too deeply for `JSON.stringify`. */
export function bytesOf(value: unknown): number {
  try {
    return Buffer.byteLength(JSON.stringify(value))
  } catch {
    return Number.POSITIVE_INFINITY
  }
}

/**
 * Splits a user id at its **first** bar; the second part may contain bars, too (`samlp|acme|ann@example.com`).
 *
 * @param userId - `provider|id`.
 * @returns Both parts, or undefined if either would be empty.
 * @see {@link https://auth0.com/docs/manage-users/user-accounts/identify-users Identify Users}
 */
export function splitUserId(userId: string): { provider: string; id: string } | undefined {
  const bar = userId.indexOf('|')
  if (bar < 1 || bar === userId.length - 1) return undefined
  return { provider: userId.slice(0, bar), id: userId.slice(bar + 1) }
}

/** The part of a user id after its first bar, which is `user_id` in the Management API's identities. */
export const idOf = (userId = ''): string => userId.slice(userId.indexOf('|') + 1)

/**
 * Lower-cases the ASCII letters of an email address and changes nothing else. Full Unicode folding would make
 * look-alikes equal (the Kelvin sign becomes a `k`), and only the mail host knows what dots and plus signs mean.
 */
export const normalizeEmail = (email?: string | null): string =>
  (email ?? '').replace(/[A-Z]/g, (letter) => letter.toLowerCase())

/**
 * Parses a user from the Management API or `event.user`. Identities get full ids, and missing metadata becomes `{}`. An object
 * with `identities` only is fine, too: link and unlink requests return those.
 *
 * @param raw - The JSON as received.
 * @throws {TypeError} If `raw` has no identities.
 */
export const parseUser = (raw: unknown): LinkingUser => parseSizedUser(raw, bytesOf(raw))

/**
 * Parses a user whose size is already known. See {@link parseUser}.
 *
 * @param bytes - The size of `raw` as JSON.
 */
export function parseSizedUser(raw: unknown, bytes: number): LinkingUser {
  const user = raw as LinkingUser
  return {
    ...user,
    // Not a field of the tenant's JSON: `readRightsOf` reads it.
    rights: undefined,
    // `user_id` is a number for some providers.
    identities: user.identities.map(({ provider, user_id, connection }) => ({
      user_id: `${provider}|${user_id}`,
      provider,
      connection,
    })),
    user_metadata: user.user_metadata ?? {},
    app_metadata: user.app_metadata ?? {},
    bytes,
  }
}

/** The user with this id. */
export const findUser = (users: LinkingUser[], userId: string): LinkingUser | undefined =>
  users.find(({ user_id }) => user_id === userId)

/** Whether one of a user's identities has this id. */
export const hasIdentity = ({ identities }: Pick<LinkingUser, 'identities'>, userId: string): boolean =>
  identities.some(({ user_id }) => user_id === userId)

/** The provider in a user id: the part before its first bar. */
export function providerOf(userId: string): string {
  return splitUserId(userId)?.provider ?? userId
}
