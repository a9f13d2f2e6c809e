/**
 * Users and identities as the linking rules see them, and how their ids are taken apart. Users keep the field names of
 * the tenant's JSON: the rules run inside the Action, and translating them there would cost more than it explains.
 * @module
 */
import type { Rights } from './rights/rights'

/** One way in: an entry of `user.identities`, and what both tokens carry. */
export interface Identity {
  /** `provider|id`: the user id that the identity has, or would have, when it stands alone. */
  user_id: string
  provider: string
  /** Connection name. */
  connection: string
}

/** `user_metadata` or `app_metadata`: any JSON object. */
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
  /** The user's own identity first. */
  identities: Identity[]
  user_metadata: Metadata
  app_metadata: Metadata
  /** What it holds, as far as it was read. */
  rights?: Rights | undefined
  /** Bytes of the user as the tenant returned it, as JSON. */
  bytes: number
}

/** Whether a value is a time in seconds since the epoch that a calendar knows. */
export const isTime = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) > 0 && (value as number) <= 8.64e12

/** A date of the tenant in whole seconds since the epoch; 0 if it is none. */
export const secondsOf = (date: unknown): number =>
  Math.floor(Date.parse(isText(date) ? date : '') / 1_000) || 0

/** Whether a value is a text. */
export const isText = (value: unknown): value is string => typeof value === 'string'

/** Whether a value is a JSON object. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Bytes of a value as JSON in UTF-8; infinitely many if it is nested too deeply to be written. */
export function bytesOf(value: unknown): number {
  try {
    return Buffer.byteLength(JSON.stringify(value))
  } catch {
    return Number.POSITIVE_INFINITY
  }
}

/**
 * Splits a user id at its **first** bar; what follows may hold bars of its own (`samlp|acme|ann@example.com`).
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

/** The part of a user id behind its first bar: what the Management API calls the identity's `user_id`. */
export const idOf = (userId = ''): string => userId.slice(userId.indexOf('|') + 1)

/**
 * Lower-cases the ASCII letters of an address and nothing else. Full Unicode folding would make look-alikes
 * equal (the Kelvin sign becomes a `k`), and dots or plus signs mean what the mail host says they mean.
 */
export const normalizeEmail = (email?: string | null): string =>
  (email ?? '').replace(/[A-Z]/g, (letter) => letter.toLowerCase())

/**
 * Reads a user of the Management API, or `event.user`, or no more of one than its identities, which is what link and unlink
 * calls answer: identities get their full ids, metadata is filled in.
 *
 * @param raw - The JSON as received.
 * @param bytes - Of it, if that is known.
 * @throws {TypeError} If it is no user at all.
 */
export function parseUser(raw: unknown, bytes: number = bytesOf(raw)): LinkingUser {
  const user = raw as LinkingUser
  return {
    ...user,
    // No field of the tenant's: it is read with calls of its own.
    rights: undefined,
    // Some providers' ids are numbers there.
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
export const holds = ({ identities }: Pick<LinkingUser, 'identities'>, userId: string): boolean =>
  identities.some(({ user_id }) => user_id === userId)

/** The provider that a user id names: what stands before its first bar. */
export function providerOf(userId: string): string {
  return splitUserId(userId)?.provider ?? userId
}
