/**
 * Access tokens of a machine-to-machine client: one for the process, and behind it one for all instances.
 * @module
 */
import 'server-only'
import { createHash } from 'node:crypto'
import type { CacheServices } from '../store/cached'
import { orFallback } from '../store/or-fallback'
import { withLock } from '../store/with-lock'
import { ManagementApiError } from './management-api-error'
import { IssuedToken, requestToken, type TokenAnswer, type TokenClient } from './request-token'

/** A token is renewed when this share of its life is left, so that none expires while a call is under way. */
const RENEWAL_SHARE = 0.2
/** A process renews it earlier by up to this share of its life, so that instances do not all renew at once. */
const RENEWAL_JITTER_SHARE = 0.05
/** In seconds. The lock outlasts a token request and the storing of its token; an instance that waited then finds that token. */
const TOKEN_LOCK_SECONDS = { ttl: 5, wait: 3 }

/** What a process remembers of one client's tokens. It holds no error, because each bundle has its own copy of the error classes. */
export interface TokenMemory {
  held?: IssuedToken
  inFlight?: Promise<TokenAnswer>
  /** The last token that was refused; other instances may still offer it. */
  refused?: string
  /** The share of a token's life that is left when this process renews it. */
  leeway?: number
}

/** The tokens of one client. */
export interface TokenCache {
  /**
   * A token with enough of its life left. Callers that arrive together share one request, and so do instances.
   *
   * @throws {ManagementApiError} `tenant_unreachable` or `management_failed`.
   */
  token(): Promise<IssuedToken>
  /**
   * Forgets a token that was refused, here and for other instances. The next call here gets another token even before
   * this has finished.
   *
   * @param value - The refused token. One that was renewed meanwhile is kept.
   */
  drop(value: string): Promise<void>
}

/**
 * The tokens of a client, fetched with client credentials and renewed ahead of their expiry. If the store does not
 * answer, this process fetches tokens of its own.
 *
 * @param client - Whose tokens. Its name, too, must be its own.
 * @param memory - One per process: from `processMemory`.
 * @param services - Where instances share tokens, and how they are sealed there.
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
    if ('failure' in answer) throw new ManagementApiError(answer.failure, answer.status)
    return answer.token
  }

  async function renew(): Promise<TokenAnswer> {
    const answer = (await findShared()) ?? (await renewOnce())
    if ('token' in answer) memory.held = answer.token
    return answer
  }

  /** The first instance renews; the others find what it stored. */
  async function renewOnce(): Promise<TokenAnswer> {
    const isBusy = { isBusy: true } as const
    // Look once more while holding the lock: another instance may have stored a token while we waited for the lock.
    const work = async () => (await findShared()) ?? requestAndShare()
    const locked = await orFallback(withLock(store, key, TOKEN_LOCK_SECONDS, work, findShared), isBusy)
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
    await orFallback(store.set(key, sealed, secondsLeft), undefined)
  }

  async function readShared(): Promise<{ sealed: string; token: IssuedToken } | undefined> {
    const sealed = await orFallback(store.get(key), undefined)
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
    if (shared?.token.value === value) await orFallback(store.delete(key, shared.sealed), undefined)
  }

  function isFresh({ issuedAt, expiresAt }: IssuedToken): boolean {
    return Date.now() < expiresAt - (expiresAt - issuedAt) * leeway
  }

  return { token, drop }
}

/** The key in the store, and the purpose of the seal: a token of other credentials is never used for this client. */
function keyOf({ name, origin, audience, clientId }: TokenClient): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([origin, audience, clientId]))
    .digest('base64url')
  return `token:${name}:${hash}`
}
