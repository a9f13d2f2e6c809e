/**
 * What is asked of the answer to a sign-in beside what auth0.js asks, which is signature, issuer, audience, expiry, and the
 * access token's hash, if there is one.
 * @module
 */
import { isObject, splitUserId } from '@/core/identity'
import type { BrowserLinkingCode } from './code'

/** A person who has just signed in, as far as an ID token says. Kept in the page's memory and nowhere else. */
export interface ProvenAccount {
  /** `provider|id` */
  userId: string
  provider: string
  email: string | undefined
  isEmailVerified: boolean
  idToken: string
  /** For the Management API in the person's own name; empty if none was asked for. */
  accessToken: string
}

/** The result of a sign-in. */
export type SignInResult = { account: ProvenAccount; code?: undefined } | { code: BrowserLinkingCode }

/** What the page remembers of a sign-in that it began. */
export interface SignInAttempt {
  state: string
  nonce: string
  /** Whether an access token was asked for. */
  wantsToken: boolean
  /** Seconds between the beginning and the answer. */
  tookSeconds: number
}

/** How far the clock of one server of a tenant may be behind that of another, in seconds. */
const SKEW = 30

/**
 * Reads the answer to a sign-in.
 *
 * auth0.js looks `state` and `nonce` up in a cookie, and accepts an answer without `auth_time` and `at_hash`. Here they are
 * required, and compared with what this page remembers. The tenant's own clock says how old the sign-in is: this computer's
 * clock may be wrong.
 *
 * @param answer - What `popup.authorize` passed to its callback.
 * @param attempt - The sign-in it should belong to.
 * @returns The account; `bad_id_token` if the answer is not of this sign-in or lacks something; `reauth_required` if
 *   no one signed in since it began.
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
