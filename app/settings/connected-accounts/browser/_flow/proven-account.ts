/**
 * Checks the response to a sign-in. auth0.js has already checked signature, issuer, audience and expiry of the ID token, and
 * `at_hash` if there is one. This module checks the rest.
 * @module
 */
import { isObject, splitUserId } from '@/core/identity'
import type { BrowserLinkingCode } from './code'

/** An account to which the person has just signed in, from the ID token. It is kept only in the page's memory. */
export interface ProvenAccount {
  /** `provider|id` */
  userId: string
  provider: string
  email: string | undefined
  isEmailVerified: boolean
  idToken: string
  /** The person's own token for the Management API; empty if none was requested. */
  accessToken: string
}

/** The result of a sign-in. */
export type SignInResult = { account: ProvenAccount; code?: undefined } | { code: BrowserLinkingCode }

/** What the page remembers about a sign-in that it started. */
export interface SignInAttempt {
  state: string
  nonce: string
  /** Whether an access token was requested. */
  wantsToken: boolean
  /** Seconds between the start of the sign-in and the response. */
  tookSeconds: number
}

/** How far the clocks of two servers of a tenant may differ, in seconds. */
const SKEW = 30

/**
 * Reads the response to a sign-in.
 *
 * auth0.js compares `state` and `nonce` with a cookie. This function compares them with what this page remembers, and also
 * requires `auth_time`, and `at_hash` if an access token was requested. It measures the age of the sign-in by the tenant's clock,
 * because this computer's clock may be wrong.
 *
 * @param answer - What `popup.authorize` passed to its callback.
 * @param attempt - The sign-in to which the response should belong.
 * @returns The account; `bad_id_token` if the response does not belong to this sign-in or lacks something; `reauth_required` if
 *   the person did not sign in after the attempt began.
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#ImplicitIDTValidation OpenID Connect Core, 3.2.2.11}
 */
export function parseAnswer(answer: unknown, attempt: SignInAttempt): SignInResult {
  if (!isObject(answer) || answer.state !== attempt.state) return { code: 'bad_id_token' }
  const { idToken, idTokenPayload: claims, accessToken } = answer
  if (typeof idToken !== 'string' || !isObject(claims)) return { code: 'bad_id_token' }
  if (claims.nonce !== attempt.nonce) return { code: 'bad_id_token' }
  const token = attempt.wantsToken ? accessToken : ''
  if (typeof token !== 'string' || (attempt.wantsToken && typeof claims.at_hash !== 'string'))
    return { code: 'bad_id_token' }
  const { sub, iat, auth_time, email } = claims
  const parts = typeof sub === 'string' && splitUserId(sub)
  if (typeof sub !== 'string' || !parts) return { code: 'bad_id_token' }
  if (typeof iat !== 'number' || typeof auth_time !== 'number') return { code: 'reauth_required' }
  if (auth_time < iat - attempt.tookSeconds - SKEW) return { code: 'reauth_required' }
  return {
    account: {
      userId: sub,
      provider: parts.provider,
      email: typeof email === 'string' && email !== '' ? email : undefined,
      isEmailVerified: claims.email_verified === true,
      idToken,
      accessToken: token,
    },
  }
}
