import 'server-only'
import { parseResponseToken, type ResponseClaims } from '@/core/contract-response-token'
import type { Services } from '../services'
import type { SharedKeyName } from './shared-key'
import { verifySignature } from './verify-signature'

/** Greatest age at which we accept our own response token, in seconds. The tenant keeps a login paused for as long. */
const MAX_ANSWER_AGE_SECONDS = 3600
/** How far the clock of another instance may run ahead of ours, in seconds. */
const CLOCK_SKEW_SECONDS = 30

/** A response token that we signed, and that one of our documents sent back to us. */
export interface VerifiedAnswer {
  claims: ResponseClaims
  key: SharedKeyName
  /** Seconds until the token expires for the tenant; negative if it has expired. */
  secondsLeft: number
}

/**
 * Verifies a response token that we signed ourselves. Its expiry is reported and not enforced, because the caller signs a late
 * token again.
 *
 * @returns The token's content, or undefined if we did not sign it within the last hour.
 */
export async function verifyResponseToken(
  services: Pick<Services, 'appBaseUrl' | 'sharedSecret'>,
  token: string,
): Promise<VerifiedAnswer | undefined> {
  const signed = await verifySignature(services, token)
  const claims = signed && parseResponseToken(signed.payload)
  if (!signed || !claims) return undefined
  const { iat, exp } = signed.payload
  if (claims.issuer !== services.appBaseUrl || typeof iat !== 'number' || typeof exp !== 'number')
    return undefined
  // Use the same clock as when the token was signed: ours plus `ahead`.
  const now = Date.now() / 1000 + (claims.ahead ?? 0)
  if (iat < now - MAX_ANSWER_AGE_SECONDS || iat > now + CLOCK_SKEW_SECONDS) return undefined
  return { claims, key: signed.key, secondsLeft: exp - now }
}
