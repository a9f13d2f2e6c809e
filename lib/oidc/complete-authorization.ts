import 'server-only'
import { authorizationCodeGrant, type IDToken, ResponseBodyError } from 'openid-client'
import { LinkingError, type LinkingErrorCode } from '@/core/errors'
import { splitUserId } from '@/core/identity'
import { appUrl } from '../config/app-url'
import type { TenantDomain } from '../config/tenant-domain'
import type { AuthorizationAttempt } from './authorization-attempt'
import type { AuthorizationSettings } from './start-authorization'
import { linkingClient } from './tenant-metadata'

/** How far the tenant's clock may be behind ours or ahead of it, in seconds. */
const CLOCK_SKEW_SECONDS = 30
/** Longest `sid` that is kept, in characters. Auth0's have about thirty. */
const MAX_SID_LENGTH = 128

/** The account that the person has just signed in to, according to the ID token. */
export interface ProvenAccount {
  userId: string
  email: string | undefined
  isEmailVerified: boolean
  /** Whether a second factor was used. */
  hasUsedMfa: boolean
  /** When the person signed in, in seconds since the epoch. */
  authTime: number
  /** The `sid` of the tenant session that this sign-in started, if the ID token has one. */
  sid: string | undefined
}

/** A proven account, and the tokens that were issued for it. Do not keep the tokens if you do not need them. */
export interface CompletedAuthorization {
  account: ProvenAccount
  idToken: string
  accessToken: string
}

/**
 * Completes an authorization: checks the callback, exchanges the code, checks the ID token.
 *
 * @param answer - The parameters of the callback.
 * @param attempt - The authorization to which the callback's `state` belongs.
 * @param callback - Our path at which the callback arrived.
 * @param domain - The domain at which the authorization was started; by default the first login domain. A callback from any
 *   other issuer is refused.
 * @returns The account and its tokens. The person signed in after the authorization had started, with 30 s of tolerance.
 * @throws {LinkingError} `bad_issuer` | `sign_in_failed` | `not_available` | `bad_id_token` | `reauth_required` |
 *   `tenant_unreachable`
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation OpenID Connect Core, 3.1.3.7}
 * @see {@link https://www.rfc-editor.org/rfc/rfc9207 RFC 9207}
 */
export async function completeAuthorization(
  settings: AuthorizationSettings,
  answer: URLSearchParams,
  attempt: AuthorizationAttempt,
  callback: `/${string}`,
  domain = settings.auth0Domain,
): Promise<CompletedAuthorization> {
  assertIssuer(answer, domain)
  assertCode(answer)
  const { claims, idToken, accessToken } = await exchangeCode(settings, answer, attempt, callback, domain)
  assertAudience(claims, settings.linkingClient.id)
  assertNotAhead(claims)
  // Libraries compare `max_age` with the time of the code exchange, so a slow second factor would fail that check. We require
  // instead that the person signed in after this authorization began.
  if (typeof claims.auth_time !== 'number' || claims.auth_time < attempt.startedAt - CLOCK_SKEW_SECONDS)
    throw new LinkingError('reauth_required')
  return { account: toProvenAccount(claims, claims.auth_time), idToken, accessToken }
}

function assertIssuer(answer: URLSearchParams, { issuer }: TenantDomain): void {
  if (answer.getAll('iss').some((named) => named !== issuer)) throw new LinkingError('bad_issuer')
}

function assertCode(answer: URLSearchParams): void {
  if (answer.has('code') && !answer.has('error')) return
  const isBlocked = /\bblocked\b/i.test(answer.get('error_description') ?? '')
  throw new LinkingError(isBlocked ? 'not_available' : 'sign_in_failed')
}

async function exchangeCode(
  { appBaseUrl, linkingClient: credentials }: AuthorizationSettings,
  answer: URLSearchParams,
  attempt: AuthorizationAttempt,
  callback: `/${string}`,
  domain: TenantDomain,
): Promise<{ claims: IDToken; idToken: string; accessToken: string }> {
  const client = await linkingClient(credentials, domain)
  const url = new URL(appUrl(appBaseUrl, callback))
  for (const name of ['code', 'state', 'iss'])
    for (const value of answer.getAll(name)) url.searchParams.append(name, value)
  try {
    const tokens = await authorizationCodeGrant(client, url, {
      expectedState: attempt.state,
      expectedNonce: attempt.nonce,
      pkceCodeVerifier: attempt.verifier,
      idTokenExpected: true,
    })
    const claims = tokens.claims()
    if (!claims || !tokens.id_token) throw new LinkingError('bad_id_token')
    return { claims, idToken: tokens.id_token, accessToken: tokens.access_token }
  } catch (cause) {
    throw cause instanceof LinkingError ? cause : new LinkingError(codeOf(cause), { cause })
  }
}

function codeOf(cause: unknown): LinkingErrorCode {
  // An OAuth error. The library reads one from 4xx responses only.
  if (cause instanceof ResponseBodyError) return 'sign_in_failed'
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  // `fetch` itself fails with a TypeError without a code.
  if (cause instanceof TypeError && code === undefined) return 'tenant_unreachable'
  const isAnswerLost =
    code === 'OAUTH_TIMEOUT' || code === 'OAUTH_ABORT' || code === 'OAUTH_RESPONSE_IS_NOT_CONFORM'
  return isAnswerLost ? 'tenant_unreachable' : 'bad_id_token'
}

function assertAudience({ aud, azp }: IDToken, clientId: string): void {
  const [audience, ...others] = [aud].flat()
  if (audience !== clientId || others.length > 0 || (azp !== undefined && azp !== clientId))
    throw new LinkingError('bad_id_token')
}

/**
 * Refuses times in the future, with which a proof would look fresh for too long. The library checks neither `iat` nor
 * `auth_time`.
 */
function assertNotAhead({ iat, auth_time: authTime }: IDToken): void {
  const latest = Date.now() / 1000 + CLOCK_SKEW_SECONDS
  if (iat > latest || (typeof authTime === 'number' && authTime > latest))
    throw new LinkingError('bad_id_token')
}

function toProvenAccount(
  { sub, sid, email, email_verified: verified, amr }: IDToken,
  authTime: number,
): ProvenAccount {
  if (typeof sub !== 'string' || sub.length > 255 || /\p{Cc}/u.test(sub) || !splitUserId(sub))
    throw new LinkingError('bad_id_token')
  return {
    userId: sub,
    email: typeof email === 'string' && email !== '' ? email : undefined,
    isEmailVerified: verified === true,
    hasUsedMfa: Array.isArray(amr) && amr.includes('mfa'),
    authTime,
    sid: typeof sid === 'string' && sid !== '' && sid.length <= MAX_SID_LENGTH ? sid : undefined,
  }
}
