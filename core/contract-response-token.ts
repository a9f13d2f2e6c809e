/**
 * The response token from the linking service to the Action: its claims, their wire format and their parser.
 * @module
 */
import {
  optionalString,
  parseWireIdentity,
  RESULT_PURPOSE,
  type TokenIdentity,
  toWireIdentity,
} from './contract'
import { type Identity, isObject, isTime } from './identity'

/** Most seconds that the tenant's clock may be ahead of ours: as long as Auth0 keeps a login paused. */
export const MAX_CLOCK_AHEAD_SECONDS = 3_600
/** Life of a response token, in seconds. */
export const RESPONSE_TOKEN_LIFE = 120

/** How a flow ended. */
export type LinkResult = (typeof RESULTS)[number]
const RESULTS = ['link', 'declined', 'failed', 'skipped'] as const

/** The claims of a response token. `primary` and `secondary` are set exactly when `result` is `link`. */
export interface ResponseClaims {
  /** The service's origin. */
  issuer: string
  sub: string
  state: string
  tokenId: string
  transactionId: string | undefined
  result: LinkResult
  /** With `declined`: the person asked never to be asked again for these accounts. */
  never: boolean
  primary: TokenIdentity | undefined
  secondary: TokenIdentity | undefined
  /** Whole seconds by which `iat` and `exp` are ahead of our clock, to match the tenant's. Never with `link`. */
  ahead?: number | undefined
  /** The sign-in that proved the other account, from its ID token. Only with `link`; older services leave it out. */
  proof?: ResponseProof | undefined
}

/** The sign-in that proved an account. */
export interface ResponseProof {
  /** Seconds since the epoch, by the tenant's clock. */
  authTime: number
  /** `sid` of the tenant session that this sign-in started, if the ID token has one. */
  sid?: string | undefined
}

/** The claims of a response token, in wire format, that the Action reads. Any of them may be missing. */
export interface ResponsePayload {
  iss?: string
  sub?: string
  purpose?: string
  txn?: string
  result?: LinkResult
  never?: boolean
  primary_identity?: Identity
  secondary_identity?: Identity
  proof_auth_time?: number
  proof_sid?: string
}

/** Converts claims to the wire format, without `iss`, `iat` and `exp`, which the signer adds. */
export function toResponsePayload(claims: Omit<ResponseClaims, 'issuer'>): Record<string, unknown> {
  return {
    sub: claims.sub,
    state: claims.state,
    jti: claims.tokenId,
    purpose: RESULT_PURPOSE,
    ...(claims.transactionId && { txn: claims.transactionId }),
    result: claims.result,
    ...(claims.never && { never: true }),
    ...(claims.primary && { primary_identity: toWireIdentity(claims.primary) }),
    ...(claims.secondary && { secondary_identity: toWireIdentity(claims.secondary) }),
    ...(claims.ahead && { ahead: claims.ahead }),
    ...(claims.proof && { proof_auth_time: claims.proof.authTime }),
    ...(claims.proof?.sid && { proof_sid: claims.proof.sid }),
  }
}

/**
 * Reads the claims of a response token whose signature, life and `state` have been verified.
 *
 * @param raw - The payload as decoded.
 * @returns Undefined if the payload is not one of our response tokens.
 */
export function parseResponseToken(raw: unknown): ResponseClaims | undefined {
  if (!isObject(raw) || raw.purpose !== RESULT_PURPOSE) return undefined
  const [issuer, sub, state, tokenId] = [raw.iss, raw.sub, raw.state, raw.jti].map(optionalString)
  const result = RESULTS.find((name) => name === raw.result)
  const primary = parseWireIdentity(raw.primary_identity)
  const secondary = parseWireIdentity(raw.secondary_identity)
  if (
    !issuer ||
    !sub ||
    !state ||
    !tokenId ||
    !result ||
    (result === 'link') !== Boolean(primary && secondary)
  )
    return undefined
  const { ahead } = raw
  if (ahead !== undefined && (result === 'link' || !isTime(ahead) || ahead > MAX_CLOCK_AHEAD_SECONDS))
    return undefined
  const transactionId = optionalString(raw.txn)
  const never = raw.never === true
  const proof = result === 'link' ? parseProof(raw) : undefined
  return { issuer, sub, state, tokenId, transactionId, result, never, primary, secondary, ahead, proof }
}

/** Reads the sign-in that proved the other account from a response token; undefined if the token has none. */
export function parseProof(raw: ResponsePayload): ResponseProof | undefined {
  const { proof_auth_time: authTime, proof_sid: sid } = raw as Record<string, unknown>
  return isTime(authTime) ? { authTime, sid: optionalString(sid) } : undefined
}
