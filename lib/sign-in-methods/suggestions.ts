/**
 * Other accounts that may be the person's own: the same verified address, from a connection that is trusted.
 * @module
 */
import 'server-only'
import { z } from 'zod'
import { decideOffer, hash12, lapseOf, lookedKey, secondsOf, withEnded } from '../../core'
import type { Account } from '../auth0/account'
import type { ManagementApi } from '../auth0/management-api'
import { cached } from '../store/cached'
import { connectableConnections } from './connections'
import { unprovable } from './proven-account'
import { nowSeconds } from './seconds'
import type { SignInServices } from './services'

/** How long they are cached, in seconds. */
const SUGGESTIONS_CACHE_SECONDS = 10 * 60

const Found = z.object({
  /** Names it on the page: a hash of the id. */
  handle: z.string(),
  userId: z.string(),
  provider: z.string(),
  connection: z.string(),
  hasMfa: z.boolean(),
  /** When the account was made and last used, in seconds since the epoch. */
  since: z.number().optional(),
  lastUsed: z.number().optional(),
  /** When the decline that either account keeps expires, in seconds since the epoch; 0 if there is none. */
  declinedUntil: z.number(),
  /** Why it cannot be connected, although it may be the person's own. */
  refused: z.enum(['metadata_too_large', 'belongs_to_another', 'unverified']).optional(),
})

/** An account that may be the person's own. */
export interface Suggestion extends z.infer<typeof Found> {
  /** Whether the person's own account keeps the decline, so that it can be taken back here. */
  isOwnDecline: boolean
}

/**
 * Finds them; the result is cached for ten minutes. None if the person's own token links: it may read no other account.
 *
 * @param account - The account of the person who is signed in, as just read.
 * @throws {ManagementApiError}
 */
export async function findSuggestions(
  services: SignInServices,
  api: ManagementApi,
  account: Account,
): Promise<Suggestion[]> {
  const { email } = account
  if (services.linkingAuthority === 'user' || !email || account.email_verified !== true) return []
  // The key changes with the address and with every link and unlink, so a cached result never offers a connected account.
  const key = `suggestions:${await lookedKey(account, services.policy)}`
  const found = await cached(services, key, SUGGESTIONS_CACHE_SECONDS, z.array(Found), () =>
    find(services, api, account, email),
  )
  // A decline of this account itself is newer than the cached result.
  return Promise.all(
    found.map(async (suggestion) => {
      const own = await lapseOf(account, { user_id: suggestion.userId, app_metadata: {} })
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

/** An account as a suggestion; undefined if it cannot be the person's own, or is not to be connected by the rules. */
async function suggest(
  services: Pick<SignInServices, 'linkProof' | 'policy'>,
  account: Account,
  other: Account,
  names: string[],
): Promise<Suggested | undefined> {
  const [own] = other.identities
  if (!own || !names.includes(own.connection)) return undefined
  // What still ends is over in a moment, and this is cached for longer.
  const [mine, theirs] = [withEnded(account), withEnded(other)]
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
    declinedUntil: await lapseOf({ user_id: account.user_id, app_metadata: {} }, other),
    ...(refused && { refused }),
  }
}
