/**
 * The `api` object of a post-login Action.
 * @module
 */

import { parseUrl } from '../parse-url'
import type { ActionCache } from './action-cache'
import { encodeToken, validateToken } from './action-jwt'
import type { ActionEffects, ActionRun } from './action-protocol'

/** Claims that Actions cannot set. Setting one is ignored silently. */
const RESERVED_CLAIMS = new Set(
  'acr act active amr at_hash ath attest aud auth_time authorization_details azp c_hash client_id cnf exp gty htm htu iat internalService iss jti jku jwe jwk kid may_act nbf nonce object_id org_id org_name orig origin permissions roles s_hash sid sub sub_id sub_jwk token_type typ urn:auth0 x5c x5t'.split(
    ' ',
  ),
)

/** A second factor, as an Action passes it to `enrollWith`. */
interface Factor {
  type: string
}

const LONGEST_USER_ID = 128
const METADATA_KEY_LENGTH = 64
const METADATA_VALUE_BYTES = 8 * 1024
const METADATA_TOTAL_BYTES = 16 * 1024

/**
 * Builds the `api` object for one run of a handler. Methods that act on the login or its user only record in `effects` what
 * the Action asks for. The tenant carries that out after the handler has ended.
 *
 * @param run - The run. `api.transaction.setMetadata` changes `run.event.transaction.metadata` at once.
 * @param effects - The object in which the methods record what the Action asks for.
 * @param cache - The values of `api.cache`, which all runs share.
 * @param onPrimaryUser - Called when the Action calls `setPrimaryUser`.
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-api-object
 */
export function postLoginApi(
  run: ActionRun,
  effects: ActionEffects,
  cache: ActionCache,
  onPrimaryUser: (userId: string) => void,
): object {
  const { redirect } = run
  const request = run.event.request as Parameters<typeof validateToken>[1]
  const claimSetter = (claims: Record<string, unknown>) => ({
    setCustomClaim: (name: string, value: unknown) => {
      if (!RESERVED_CLAIMS.has(name)) claims[name] = value
    },
  })
  const api = {
    access: {
      // If an Action denies twice, the first reason counts.
      deny: (reason: string) => {
        effects.denied ??= String(reason)
      },
    },
    accessToken: claimSetter(effects.accessTokenClaims),
    idToken: claimSetter(effects.idTokenClaims),
    authentication: {
      setPrimaryUser: (userId: string) => {
        if (typeof userId !== 'string' || userId.length > LONGEST_USER_ID) {
          throw new Error(`primary_user_id must be a string of at most ${LONGEST_USER_ID} characters.`)
        }
        if (effects.primaryUser !== undefined || run.switched) {
          throw new Error('The primary user can be set only once per transaction.')
        }
        effects.primaryUser = userId
        onPrimaryUser(userId)
      },
      enrollWith: (factor: Factor, options?: { additionalFactors?: Factor[] }) => {
        effects.enroll = [factor, ...(options?.additionalFactors ?? [])].map(({ type }) => type)
      },
      enrollWithAny: (factors: Factor[]) => {
        effects.enroll = factors.map(({ type }) => type)
      },
      recordMethod: (url: string) => {
        if (run.handler !== 'onContinuePostLogin') {
          throw new Error('recordMethod is available in onContinuePostLogin only.')
        }
        effects.recordedMethods.push(url)
      },
    },
    cache: {
      get: (key: string) => cache.get(key),
      set: (key: string, value: string, options?: { ttl?: number; expires_at?: number }) =>
        cache.set(key, value, options),
      delete: (key: string) => cache.delete(key),
    },
    redirect: {
      canRedirect: () => redirect.canRedirect,
      encodeToken: (options: Parameters<typeof encodeToken>[1]) => encodeToken(redirect, options),
      sendUserTo: (url: string, options?: { query?: Record<string, string> }) => {
        effects.redirect = withQuery(url, options?.query ?? {})
      },
      validateToken: (options: Parameters<typeof validateToken>[2]) =>
        validateToken(redirect, request, options),
    },
    transaction: { setMetadata: (key: string, value: unknown) => setTransactionMetadata(run, key, value) },
    user: {
      setAppMetadata: (key: string, value: unknown) => {
        effects.appMetadata[key] = value ?? null
      },
      setUserMetadata: (key: string, value: unknown) => {
        effects.userMetadata[key] = value ?? null
      },
    },
  }
  return chained(api)
}

/** Makes every method that has no result of its own return `api`, so that an Action can chain calls. */
function chained<Api extends Record<string, object>>(api: Api): Api {
  const withResult = new Set(['canRedirect', 'encodeToken', 'validateToken', 'get', 'set', 'delete'])
  for (const member of Object.values(api) as Record<string, (...input: never[]) => unknown>[]) {
    for (const [name, call] of Object.entries(member)) {
      if (withResult.has(name)) continue
      member[name] = (...input) => {
        call(...input)
        return api
      }
    }
  }
  return api
}

/** Appends query parameters to `url`. Parameters that `url` already has stay as they are, byte for byte. */
function withQuery(url: string, query: Record<string, string>): string {
  if (!parseUrl(url)) throw new Error('The URL to redirect to is not valid.')
  return Object.entries(query).reduce(
    (address, [name, value]) => appendParameter(address, name, String(value)),
    url,
  )
}

/**
 * Appends one query parameter to a URL and leaves the rest as it is.
 *
 * @param url - An absolute URL. A fragment stays at its end.
 */
export function appendParameter(url: string, name: string, value: string): string {
  const [address = '', ...fragment] = url.split('#')
  const joint = address.includes('?') ? '&' : '?'
  const hash = fragment.length > 0 ? `#${fragment.join('#')}` : ''
  return `${address}${joint}${encodeURIComponent(name)}=${encodeURIComponent(value)}${hash}`
}

function setTransactionMetadata(run: ActionRun, key: string, value: unknown): void {
  const metadata = (run.event.transaction as { metadata: Record<string, unknown> }).metadata
  if (key.length > METADATA_KEY_LENGTH) throw new Error('The key of transaction metadata is too long.')
  if (value === null) {
    delete metadata[key]
    return
  }
  if (!['string', 'number', 'boolean'].includes(typeof value)) {
    throw new Error('A value of transaction metadata must be a string, a number, a boolean or null.')
  }
  if (Buffer.byteLength(String(value)) > METADATA_VALUE_BYTES) {
    throw new Error('The value of transaction metadata is too long.')
  }
  if (Buffer.byteLength(JSON.stringify({ ...metadata, [key]: value })) > METADATA_TOTAL_BYTES) {
    throw new Error('There is too much transaction metadata.')
  }
  metadata[key] = value
}
