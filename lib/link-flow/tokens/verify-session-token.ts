import 'server-only'
import { REQUEST_PURPOSE } from '@/core/contract'
import { MAX_CLOCK_AHEAD_SECONDS } from '@/core/contract-response-token'
import { parseSessionToken, type SessionTokenClaims } from '@/core/contract-session-token'
import { splitUserId } from '@/core/identity'
import { domainOf } from '../../config/domain-of'
import type { Services } from '../services'
import type { SharedKeyName } from './shared-key'
import { type SignedPayload, verifySignature } from './verify-signature'

/** How far the tenant's clock may run ahead of ours, in seconds. */
const CLOCK_SKEW_SECONDS = 30
/** How long after its expiry a session token is still accepted, in seconds. */
const EXPIRY_TOLERANCE_SECONDS = 5
/** How long the owner of a refused token can still resume the login, in seconds. The tenant keeps a login paused for as long. */
const GENUINE_SECONDS = 3600

/** What a session token that our tenant signed says about its login. It is enough to resume the login without a link. */
export interface GenuineToken {
  sub: string
  /** Host of the domain that issued the token. */
  issuer: string
  transactionId: string | undefined
  continueUrl: string | undefined
  uiLocales: string | undefined
  /** Id of the organization that the person signs in to. */
  organization?: string | undefined
  /** The application that the person signs in to, if the token names one. */
  clientId?: string | undefined
  key: SharedKeyName
  /** How far the tenant's clock is ahead of ours, judged by `iat`, in whole seconds; 0 if it is not ahead. */
  ahead: number
  /** Identifies the token for the replay check. It is the same for every encoding of the token. */
  replayKey: string
}

/** A session token that may be used. */
export interface ValidSessionToken {
  verdict: 'valid'
  claims: SessionTokenClaims
  genuine: GenuineToken
}

/**
 * The result of verification. `refused`: our tenant signed the token, but it must not be used; its owner can still resume
 * the login. `bad`: any other token, such as one that our tenant did not sign, or signed more than an hour ago.
 */
export type SessionTokenVerdict =
  | ValidSessionToken
  | { verdict: 'refused'; code: 'expired' | 'bad_token'; genuine: GenuineToken }
  | { verdict: 'refused'; code: 'clock'; genuine: GenuineToken /** Seconds. */; ahead: number }
  | { verdict: 'bad' }

/**
 * Verifies the session token with which the Action sent the browser here.
 *
 * @param token - The token as received.
 * @returns Whether the token may be used, and if not, whether its owner can resume the login.
 * @see {@link https://auth0.com/docs/customize/actions/explore-triggers/signup-and-login-triggers/login-trigger/redirect-with-actions Redirect with Actions}
 * @see {@link https://www.rfc-editor.org/rfc/rfc8725#section-3 RFC 8725, section 3}
 */
export async function verifySessionToken(
  services: Pick<Services, 'linkContract' | 'loginDomains' | 'managementDomain' | 'sharedSecret'>,
  token: string,
): Promise<SessionTokenVerdict> {
  const signed = await verifySignature(services, token)
  const genuine = signed && toGenuine(services, signed)
  if (!signed || !genuine) return { verdict: 'bad' }
  const claims = parseSessionToken(signed.payload)
  const now = Math.floor(Date.now() / 1000)
  const ahead = Math.max(genuine.ahead, untilBegin(signed.payload.nbf, now))
  if (!claims || !(ahead <= MAX_CLOCK_AHEAD_SECONDS))
    return { verdict: 'refused', code: 'bad_token', genuine }
  if (ahead > CLOCK_SKEW_SECONDS) return { verdict: 'refused', code: 'clock', genuine, ahead }
  if (claims.expiresAt < now - EXPIRY_TOLERANCE_SECONDS)
    return { verdict: 'refused', code: 'expired', genuine }
  if (services.linkContract === 'strict' && claims.contract !== 'own')
    return { verdict: 'refused', code: 'bad_token', genuine }
  return { verdict: 'valid', claims, genuine }
}

function toGenuine(
  services: Pick<Services, 'loginDomains' | 'managementDomain'>,
  { payload, key, signatureHash }: SignedPayload,
): GenuineToken | undefined {
  const { sub, iss, iat, purpose, jti, txn } = payload
  // Our response tokens are signed with the same secret. Only issuer and purpose distinguish them from session tokens.
  const issuer = domainOf(services, iss)?.host
  if (!issuer || (purpose !== undefined && purpose !== REQUEST_PURPOSE)) return undefined
  if (typeof sub !== 'string' || !splitUserId(sub) || typeof iat !== 'number') return undefined
  const now = Date.now() / 1000
  if (!(iat >= now - GENUINE_SECONDS && iat <= now + MAX_CLOCK_AHEAD_SECONDS)) return undefined
  return {
    sub,
    issuer,
    key,
    ahead: Math.max(0, Math.ceil(iat) - Math.floor(now)),
    transactionId: text(txn),
    continueUrl: text(payload.continue_url),
    uiLocales: text(payload.ui_locales),
    organization: text(payload.organization),
    clientId: text(payload.client_id),
    replayKey: text(jti) ? `token-id:${jti}` : `token-signature:${signatureHash}`,
  }
}

/** Seconds until a token's `nbf`, or 0 without `nbf`. NaN if `nbf` is not a number. */
function untilBegin(notBefore: unknown, now: number): number {
  if (notBefore === undefined) return 0
  return typeof notBefore === 'number' ? Math.ceil(notBefore - now) : Number.NaN
}

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)
