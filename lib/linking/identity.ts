/**
 * Users and identities as the linking rules see them, and how their ids are taken apart.
 * @module
 */

/** One entry of `user.identities`: a way in. `id` is the part after the first bar of a user id. */
export interface Identity {
  provider: string
  connection: string
  id: string
}

/** A user as read from the tenant, reduced to what the rules look at. Metadata is never absent, only empty. */
export interface LinkingUser {
  userId: string
  email: string | undefined
  emailVerified: boolean
  blocked: boolean
  /** Whether a second factor is enrolled. */
  mfa: boolean
  createdAt: string | undefined
  loginsCount: number
  identities: Identity[]
  userMetadata: Metadata
  appMetadata: Metadata
  /** Bytes of the user's profile as the Management API returned it, as JSON. */
  profileBytes: number
}

/** `user_metadata` or `app_metadata`: any JSON object. */
export type Metadata = Record<string, unknown>

/**
 * Splits a user id at its **first** bar; what follows may hold bars of its own (`samlp|acme|ann@example.com`).
 *
 * @param userId - `provider|id`.
 * @returns Both parts, or undefined where either would be empty.
 * @see {@link https://auth0.com/docs/manage-users/user-accounts/identify-users Identify Users}
 */
export function splitUserId(userId: string): { provider: string; id: string } | undefined {
  const bar = userId.indexOf('|')
  if (bar < 1 || bar === userId.length - 1) return undefined
  return { provider: userId.slice(0, bar), id: userId.slice(bar + 1) }
}

/** The user id that an identity has, or would have, when it stands alone. */
export function toUserId(identity: { provider: string; id: string }): string {
  return `${identity.provider}|${identity.id}`
}

/** Whether two identities are the same way in. Ids of different providers may be equal, so both parts count. */
export function isSameIdentity(a: { provider: string; id: string }, b: { provider: string; id: string }): boolean {
  return a.provider === b.provider && a.id === b.id
}

/**
 * Lower-cases the ASCII letters of an address and nothing else. Full Unicode folding would make look-alikes
 * equal (the Kelvin sign becomes a `k`), and dots or plus signs mean what the mail host says they mean.
 */
export function normalizeEmail(email: string): string {
  return email.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Reads a user of the Management API (or `event.user`) into the shape the rules use. Absent and malformed fields
 * become the answer that links least: not verified, no identities.
 *
 * @param raw - The JSON object as received.
 * @returns The user, or undefined where there is no usable `user_id`.
 */
export function parseUser(raw: unknown): LinkingUser | undefined {
  if (!isObject(raw) || typeof raw.user_id !== 'string' || !splitUserId(raw.user_id)) return undefined
  return {
    userId: raw.user_id,
    email: typeof raw.email === 'string' && raw.email !== '' ? raw.email : undefined,
    emailVerified: raw.email_verified === true,
    blocked: raw.blocked !== undefined && raw.blocked !== false,
    mfa: Array.isArray(raw.multifactor) && raw.multifactor.length > 0,
    createdAt: typeof raw.created_at === 'string' ? raw.created_at : undefined,
    loginsCount: typeof raw.logins_count === 'number' ? raw.logins_count : 0,
    identities: parseIdentities(raw.identities),
    userMetadata: isObject(raw.user_metadata) ? raw.user_metadata : {},
    appMetadata: isObject(raw.app_metadata) ? raw.app_metadata : {},
    profileBytes: new TextEncoder().encode(JSON.stringify(raw)).length,
  }
}

/** Reads an `identities` array (also the answer of a link or unlink call); entries that are no identity are left out. */
export function parseIdentities(raw: unknown): Identity[] {
  if (!Array.isArray(raw)) return []
  return raw.flatMap((entry) => {
    if (!isObject(entry)) return []
    const { provider, connection, user_id: id } = entry
    // Some providers' ids are numbers in the API's JSON.
    if (typeof provider !== 'string' || (typeof id !== 'string' && typeof id !== 'number')) return []
    return [{ provider, connection: typeof connection === 'string' ? connection : '', id: String(id) }]
  })
}
