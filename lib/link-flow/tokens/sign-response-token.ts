import 'server-only'
import { randomBytes } from 'node:crypto'
import { SignJWT } from 'jose'
import { RESPONSE_TOKEN_LIFE, type ResponseClaims, toResponsePayload } from '@/core/contract-response-token'
import type { Services } from '../services'
import { type SharedKeyName, sharedKey } from './shared-key'

/** The claims of a response token that the caller chooses. */
export type Answer = Pick<ResponseClaims, 'sub' | 'state' | 'transactionId' | 'result'> &
  Partial<Pick<ResponseClaims, 'never' | 'primary' | 'secondary' | 'ahead' | 'proof'>>

/**
 * Signs the response token with which a paused login resumes.
 *
 * @param answer - The claims. If `result` is `link`, they hold `primary` and `secondary`, and not `ahead`. Otherwise they hold
 *   neither identity.
 * @param keyName - The secret that signed the session token.
 * @returns A JWT that is valid for {@link RESPONSE_TOKEN_LIFE} seconds, by the tenant's clock if `ahead` says how far it is
 *   ahead.
 * @see {@link https://auth0.com/docs/customize/actions/explore-triggers/signup-and-login-triggers/login-trigger/redirect-with-actions Redirect with Actions}
 */
export async function signResponseToken(
  services: Pick<Services, 'appBaseUrl' | 'sharedSecret'>,
  answer: Answer,
  keyName: SharedKeyName,
): Promise<string> {
  const key = await sharedKey(services, keyName)
  // If a rotation ended while the flow was open, only the current secret is left.
  const signingKey = key ?? (await sharedKey(services, 'current'))
  if (!signingKey) throw new Error('no shared secret is configured')
  const now = Math.floor(Date.now() / 1000) + (answer.ahead ?? 0)
  const claims: Omit<ResponseClaims, 'issuer'> = {
    never: false,
    primary: undefined,
    secondary: undefined,
    ...answer,
    tokenId: randomBytes(16).toString('base64url'),
  }
  return new SignJWT(toResponsePayload(claims))
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(services.appBaseUrl)
    .setIssuedAt(now)
    .setExpirationTime(now + RESPONSE_TOKEN_LIFE)
    .sign(signingKey)
}
