/**
 * Caches access tokens that a client gets by the client credentials grant, in this process and in the store that all
 * instances share.
 * @module
 */
import 'server-only'
import { createHash } from 'node:crypto'
import type { CacheServices } from '../store/cached'
import { fallBackIfStoreDown } from '../store/or-fallback'
import { withLock } from '../store/with-lock'
import { ManagementApiError } from './management-api-error'
import { IssuedToken, requestToken, type TokenAnswer, type TokenClient } from './request-token'

/** A token is renewed when this share of its life is left, so that it does not expire during an API call. */
const RENEWAL_SHARE = 0.2
/** Each process renews its token earlier by a random share of its life up to this one, so that instances do not renew at once. */
const RENEWAL_JITTER_SHARE = 0.05
/**
 * How long one instance may hold the lock under which it renews the token, and how long the others wait for it, in seconds.
 * The lock may be held longer than it takes to request and store a token, so that an instance that waited finds the stored
 * token.
 */
const TOKEN_LOCK_SECONDS = { ttl: 5, wait: 3 }

/**
 * What a process remembers about one client's tokens. It never holds an error object: each bundle has its own copy of the error
 * classes, so `instanceof` would fail.
 */
export interface TokenMemory {
  held?: IssuedToken
  inFlight?: Promise<TokenAnswer>
  /** The last token that the tenant refused. The store may still hold it. */
  refused?: string
  /** The share of a token's life that is left when this process renews it. */
  leeway?: number
}

/** The tokens of one client. */
export interface TokenCache {
  /**
   * Returns a token that will not expire soon. Concurrent callers share one token request, across instances too.
   *
   * @throws {ManagementApiError} `tenant_unreachable` or `management_failed`.
   */
  token(): Promise<IssuedToken>
  /**
   * Forgets a token that the tenant refused, in this process and in the store. The next {@link token} of this process returns
   * another one, even before this promise resolves.
   *
   * @param value - The refused token. If the token was renewed meanwhile, the new one is kept.
   */
  drop(value: string): Promise<void>
}

/**
 * Makes the token cache of a client. Tokens are fetched with client credentials and renewed before they expire. If the store is
 * down, this process fetches its own tokens.
 *
 * @param client - The client whose tokens are cached. No other client may have the same name.
 * @param memory - The memory of this process for this client, from `processMemory`.
 * @param services - The store in which instances share tokens, and the sealer that encrypts them there.
 */
export function createTokenCache(
  client: TokenClient,
  memory: TokenMemory,
  { store, sealer }: CacheServices,
): TokenCache {
  const key = keyOf(client)
  memory.leeway ??= RENEWAL_SHARE + Math.random() * RENEWAL_JITTER_SHARE
  const { leeway } = memory

  async function token(): Promise<IssuedToken> {
    if (memory.held && isFresh(memory.held)) return memory.held
    memory.inFlight ??= renew().finally(() => {
      memory.inFlight = undefined
    })
    const answer = await memory.inFlight
    if ('failure' in answer) throw toCallError(answer)
    return answer.token
  }

  async function renew(): Promise<TokenAnswer> {
    const answer = (await findShared()) ?? (await renewOnce())
    if ('token' in answer) memory.held = answer.token
    return answer
  }

  /** The first instance renews the token. The others wait and find the token that it stored. */
  async function renewOnce(): Promise<TokenAnswer> {
    const isBusy = { isBusy: true } as const
    // Look once more while holding the lock: another instance may have stored a token while we waited for the lock.
    const work = async () => (await findShared()) ?? requestAndShare()
    const locked = await fallBackIfStoreDown(
      withLock(store, key, TOKEN_LOCK_SECONDS, work, findShared),
      isBusy,
    )
    return locked.isBusy ? requestToken(client) : locked.result
  }

  async function requestAndShare(): Promise<TokenAnswer> {
    const answer = await requestToken(client)
    if ('token' in answer) await share(answer.token)
    return answer
  }

  async function share(issued: IssuedToken): Promise<void> {
    const secondsLeft = (issued.expiresAt - Date.now()) / 1000
    if (secondsLeft <= 0) return
    const sealed = await sealer.seal(key, issued, issued.expiresAt / 1000)
    await fallBackIfStoreDown(store.set(key, sealed, secondsLeft), undefined)
  }

  async function readShared(): Promise<{ sealed: string; token: IssuedToken } | undefined> {
    const sealed = await fallBackIfStoreDown(store.get(key), undefined)
    const token = IssuedToken.safeParse(sealed && (await sealer.unseal(key, sealed)))
    return sealed && token.success ? { sealed, token: token.data } : undefined
  }

  async function findShared(): Promise<TokenAnswer | undefined> {
    const token = (await readShared())?.token
    return token && token.value !== memory.refused && isFresh(token) ? { token } : undefined
  }

  async function drop(value: string): Promise<void> {
    if (memory.held?.value === value) memory.held = undefined
    memory.refused = value
    const shared = await readShared()
    if (shared?.token.value === value) await fallBackIfStoreDown(store.delete(key, shared.sealed), undefined)
  }

  function isFresh({ issuedAt, expiresAt }: IssuedToken): boolean {
    return Date.now() < expiresAt - (expiresAt - issuedAt) * leeway
  }

  return { token, drop }
}

/** The key in the store, also used as the purpose of the seal. It depends on the client, so another client's token never fits. */
function keyOf({ name, origin, audience, clientId }: TokenClient): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([origin, audience, clientId]))
    .digest('base64url')
  return `token:${name}:${hash}`
}

/**
 * The error of an API call that we cannot make because we got no token. It has the status of the token request only if that
 * is 429 or 5xx. Any other status would look as if the tenant had refused the API call itself, which may succeed as soon as
 * there is a token.
 */
function toCallError({ failure, status }: Extract<TokenAnswer, { failure: unknown }>): ManagementApiError {
  const isPassing = status !== undefined && (status === 429 || status >= 500)
  return new ManagementApiError(failure, isPassing ? status : undefined)
}
