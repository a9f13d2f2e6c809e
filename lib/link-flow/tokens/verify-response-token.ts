import 'server-only'
import { parseResponseToken, type ResponseClaims } from '@/core/contract-response-token'
import type { Services } from '../services'
import type { SharedKeyName } from './shared-key'
import { verifySignature } from './verify-signature'

/** How old our own answer may be to be signed again, in seconds: a paused login lives as long. */
const MAX_ANSWER_AGE_SECONDS = 3600
/** How far the clock of another instance may run ahead of ours, in seconds. */
const CLOCK_SKEW_SECONDS = 30

/** Our own answer, which came back from one of our documents. */
export interface VerifiedAnswer {
  claims: ResponseClaims
  key: SharedKeyName
  /** Seconds until the tenant would refuse it; negative when that has begun. */
  secondsLeft: number
}

/**
 * Verifies an answer that we signed ourselves. Its expiry is reported, not enforced: a late answer is signed again.
 *
 * @returns The answer, or undefined if we did not sign it within the last hour.
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
  // By the same clock that dated it.
  const now = Date.now() / 1000 + (claims.ahead ?? 0)
  if (iat < now - MAX_ANSWER_AGE_SECONDS || iat > now + CLOCK_SKEW_SECONDS) return undefined
  return { claims, key: signed.key, secondsLeft: exp - now }
}
