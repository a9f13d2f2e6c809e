/**
 * Suggestions: other accounts that may belong to the person, because they have the same verified email address and come from
 * a trusted connection.
 * @module
 */
import 'server-only'
import { z } from 'zod'
import {
  decideOffer,
  declineExpiry,
  hash12,
  lookupMarkHash,
  secondsOf,
  withoutEndingMark,
} from '../../../core'
import type { Account } from '../../auth0/account'
import type { ManagementApi } from '../../auth0/management-api'
import { cached } from '../../store/cached'
import { connectableConnections } from '../connections'
import { nowSeconds } from '../seconds'
import type { SignInServices } from '../services'
import { unprovable } from './proven-account'

/** How long suggestions are cached, in seconds. */
const SUGGESTIONS_CACHE_SECONDS = 10 * 60

const Found = z.object({
  /** Id of the suggestion on the page: a hash of the account's user id. */
  handle: z.string(),
  userId: z.string(),
  provider: z.string(),
  connection: z.string(),
  hasMfa: z.boolean(),
  /** When the account was created (`since`) and last used, in seconds since the epoch. */
  since: z.number().optional(),
  lastUsed: z.number().optional(),
  /**
   * When the decline of this suggestion expires, in seconds since the epoch; 0 if there is none. The cached value knows only
   * a decline that the suggested account records.
   */
  declinedUntil: z.number(),
  /** Why the account cannot be connected, although it may belong to the person. */
  refused: z.enum(['metadata_too_large', 'belongs_to_another', 'unverified']).optional(),
})

/** An account that may belong to the person. */
export interface Suggestion extends z.infer<typeof Found> {
  /** Whether the decline is recorded in the person's own account, so that they can revoke it on the page. */
  isOwnDecline: boolean
}

/**
 * Finds the suggestions for an account; the result is cached for ten minutes. With `LINKING_AUTHORITY=user` there are none,
 * because a person's token may not read other accounts.
 *
 * @param account - The account of the person who is signed in, freshly read from the tenant.
 * @throws {ManagementApiError}
 */
export async function findSuggestions(
  services: SignInServices,
  api: ManagementApi,
  account: Account,
): Promise<Suggestion[]> {
  const { email } = account
  if (services.linkingAuthority === 'user' || !email || account.email_verified !== true) return []
  // The key changes with the email address and each link and unlink: a cached result never suggests a connected account.
  const key = `suggestions:${await lookupMarkHash(account, services.policy)}`
  const found = await cached(services, key, SUGGESTIONS_CACHE_SECONDS, z.array(Found), () =>
    find(services, api, account, email),
  )
  // The declines in the person's own account have just been read, so they are newer than the cached result.
  return Promise.all(
    found.map(async (suggestion) => {
      const own = await declineExpiry(account, { user_id: suggestion.userId, app_metadata: {} })
      const declinedUntil = Math.max(own, suggestion.declinedUntil)
      return { ...suggestion, declinedUntil, isOwnDecline: own > Date.now() / 1000 }
    }),
  )
}

type Suggested = z.infer<typeof Found>

async function find(
  services: SignInServices,
  api: ManagementApi,
  account: Account,
  email: string,
): Promise<Suggested[]> {
  const [found, connections] = await Promise.all([
    api.findUsers(email),
    connectableConnections(services, api),
  ])
  const names = connections.map(({ name }) => name)
  const others = new Map(found.map((other) => [other.user_id, other]))
  const suggested = await Promise.all(
    [...others.values()].map((other) => suggest(services, account, other, names)),
  )
  return suggested.filter((each) => each !== undefined)
}

/**
 * Makes a suggestion of an account. If only its metadata is too large, or if no sign-in can prove it, the suggestion says so
 * in `refused`. Undefined if its connection cannot be used here, or if the rules do not allow the link for another reason.
 */
async function suggest(
  services: Pick<SignInServices, 'linkProof' | 'policy'>,
  account: Account,
  other: Account,
  names: string[],
): Promise<Suggested | undefined> {
  const [own] = other.identities
  if (!own || !names.includes(own.connection)) return undefined
  // Ignore sessions that still have to end. They block a link only for a moment, but this result is cached for longer.
  const [mine, theirs] = [withoutEndingMark(account), withoutEndingMark(other)]
  const { stays, reason } = await decideOffer(mine, theirs, services.policy, nowSeconds(), services.linkProof)
  if (!stays && reason !== 'metadata_too_large') return undefined
  const refused = unprovable(other, own) ?? (stays ? undefined : 'metadata_too_large')
  return {
    handle: await hash12(other.user_id),
    userId: other.user_id,
    provider: own.provider,
    connection: own.connection,
    hasMfa: Boolean(other.multifactor?.length),
    since: secondsOf(other.created_at) || undefined,
    lastUsed: secondsOf(other.last_login) || undefined,
    declinedUntil: await declineExpiry({ user_id: account.user_id, app_metadata: {} }, other),
    ...(refused && { refused }),
  }
}
