/**
 * The two signed tokens between the Action and the linking service: claim names, shapes and parsers. The one place
 * that translates between snake_case on the wire and camelCase in our code.
 *
 * The documented contract (Auth0's published sample Actions, both generations) carries only `current_identity` and
 * `candidate_identities`, and `email` and `continue_url` in the later one. Everything else is what our own Action adds.
 *
 * @see {@link https://auth0.com/docs/manage-users/user-accounts/user-account-linking/link-user-accounts Link User Accounts}
 * @module
 */
import { splitUserId } from './identity'

/** `purpose` of a token from the Action to the service. */
export const REQUEST_PURPOSE = 'account-link.request'
/** `purpose` of a token from the service to the Action. */
export const RESULT_PURPOSE = 'account-link.result'
/** The query and body parameter that carries either token. */
export const TOKEN_PARAMETER = 'session_token'
/** Candidates offered at most. */
export const MAX_CANDIDATES = 10
/** Longest life of a session token that is taken, in seconds. */
export const MAX_SESSION_TOKEN_LIFE = 900
/** Life of a response token, in seconds. */
export const RESPONSE_TOKEN_LIFE = 120

/** An identity as both tokens name it. */
export interface WireIdentity {
  user_id: string
  provider: string
  connection: string
}

/** What the Action found out about one candidate, for the person to read. Absent in documented tokens. */
export interface CandidateHint {
  /** Which account stays, by the operator's rule. */
  stays: 'current' | 'candidate'
  /** How many metadata fields of the account that ends are filled in on the one that stays. */
  carried: number
  /** Whether the candidate has a second factor enrolled: its proof then needs one. */
  mfa: boolean
  /** Providers of further identities that the candidate holds. */
  also: string[]
}

/** An identity of a token, parsed: a full user id, and the provider that stands before its first bar. */
export interface TokenIdentity {
  userId: string
  provider: string
  connection: string
}

/** A candidate of a session token. `hint` is there in tokens of our own Action only. */
export interface TokenCandidate extends TokenIdentity {
  hint: CandidateHint | undefined
}

/** How the last attempt for this person ended, so that the prompt can say it. */
export interface PreviousOutcome {
  result: 'failed' | 'unknown'
  /** Seconds since the epoch. */
  at: number
}

/** A session token's claims, parsed. */
export interface SessionTokenClaims {
  /** Whether our own Action made it (`purpose` is there) or one of the published ones. */
  contract: 'own' | 'documented'
  sub: string
  issuer: string
  issuedAt: number
  expiresAt: number
  tokenId: string | undefined
  transactionId: string | undefined
  email: string | undefined
  continueUrl: string | undefined
  clientId: string | undefined
  clientName: string | undefined
  uiLocales: string | undefined
  previous: PreviousOutcome | undefined
  current: TokenIdentity
  /** Without entries that name no identity, without the current one, without doubles; at most {@link MAX_CANDIDATES}. */
  candidates: TokenCandidate[]
}

/** How a flow ended, as the response token says it. */
export type LinkResult = 'link' | 'declined' | 'failed' | 'skipped'

/** What a response token says. Identities are there exactly when `result` is `link`. */
export interface ResponseClaims {
  sub: string
  state: string
  tokenId: string
  transactionId: string | undefined
  result: LinkResult
  /** With `declined`: the person asked never to be asked again for these accounts. */
  never: boolean
  primary: TokenIdentity | undefined
  secondary: TokenIdentity | undefined
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const optionalString = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined
const isTime = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0

/** An identity of a token; the provider is what stands before the first bar, whatever the token says it is. */
export function parseTokenIdentity(raw: unknown): TokenIdentity | undefined {
  if (!isObject(raw) || typeof raw.user_id !== 'string') return undefined
  const parts = splitUserId(raw.user_id)
  if (!parts || typeof raw.provider !== 'string' || typeof raw.connection !== 'string' || raw.connection === '')
    return undefined
  return { userId: raw.user_id, provider: parts.provider, connection: raw.connection }
}

/** The same identity on the wire. */
export function toWireIdentity(identity: TokenIdentity): WireIdentity {
  return { user_id: identity.userId, provider: identity.provider, connection: identity.connection }
}

/**
 * Reads the claims of a session token whose signature has been verified. Checks shape and life (`exp - iat` at most
 * {@link MAX_SESSION_TOKEN_LIFE}), not the clock and not the issuer: those need facts of the service.
 *
 * @param raw - The payload as decoded.
 * @returns The claims, or undefined where the shape is not that of a session token.
 */
export function parseSessionToken(raw: unknown): SessionTokenClaims | undefined {
  if (!isObject(raw)) return undefined
  const { sub, iss, iat, exp, purpose } = raw
  if (typeof sub !== 'string' || !splitUserId(sub) || typeof iss !== 'string' || !isTime(iat) || !isTime(exp))
    return undefined
  if (exp <= iat || exp - iat > MAX_SESSION_TOKEN_LIFE) return undefined
  // A response token, or a token of another purpose signed with the same key, is no session token.
  if (purpose !== undefined && purpose !== REQUEST_PURPOSE) return undefined
  const current = parseTokenIdentity(raw.current_identity)
  if (!current || current.userId !== sub || !Array.isArray(raw.candidate_identities)) return undefined
  const own = purpose === REQUEST_PURPOSE
  return {
    contract: own ? 'own' : 'documented',
    sub,
    issuer: iss,
    issuedAt: iat,
    expiresAt: exp,
    tokenId: optionalString(raw.jti),
    transactionId: optionalString(raw.txn),
    email: optionalString(raw.email),
    continueUrl: optionalString(raw.continue_url),
    clientId: optionalString(raw.client_id),
    clientName: optionalString(raw.client_name),
    uiLocales: optionalString(raw.ui_locales),
    previous: parsePrevious(raw.previous),
    current,
    candidates: parseCandidates(raw.candidate_identities, sub, own),
  }
}

function parseCandidates(raw: unknown[], sub: string, own: boolean): TokenCandidate[] {
  const byUserId = new Map<string, TokenCandidate>()
  for (const entry of raw) {
    const identity = parseTokenIdentity(entry)
    if (!identity || !isObject(entry) || identity.userId === sub || byUserId.has(identity.userId)) continue
    // Of a candidate a provider that contradicts its id is a half-formed entry; of the current identity it is the
    // known slip of the published Actions, which write the login connection's strategy there.
    if (entry.provider !== identity.provider) continue
    byUserId.set(identity.userId, { ...identity, hint: own ? parseHint(entry) : undefined })
    if (byUserId.size === MAX_CANDIDATES) break
  }
  return [...byUserId.values()]
}

function parseHint(entry: Record<string, unknown>): CandidateHint {
  return {
    stays: entry.stays === 'current' ? 'current' : 'candidate',
    carried: typeof entry.carried === 'number' && entry.carried > 0 ? Math.trunc(entry.carried) : 0,
    mfa: entry.mfa === true,
    also: Array.isArray(entry.also) ? entry.also.filter((name) => typeof name === 'string').slice(0, 10) : [],
  }
}

function parsePrevious(raw: unknown): PreviousOutcome | undefined {
  if (!isObject(raw) || !isTime(raw.at) || (raw.result !== 'failed' && raw.result !== 'unknown')) return undefined
  return { result: raw.result, at: raw.at }
}

/** The claims of a response token on the wire, without `iss`, `iat` and `exp`, which its signer adds. */
export function toResponsePayload(claims: ResponseClaims): Record<string, unknown> {
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
  }
}

/**
 * Reads the claims of a response token whose signature, life and `state` have been verified.
 *
 * @param raw - The payload as decoded.
 * @returns The claims, or undefined where it is not a response token of ours.
 */
export function parseResponseToken(raw: unknown): ResponseClaims | undefined {
  if (!isObject(raw) || raw.purpose !== RESULT_PURPOSE) return undefined
  const { sub, state, jti, txn, result, never } = raw
  if (typeof sub !== 'string' || typeof state !== 'string' || typeof jti !== 'string') return undefined
  if (result !== 'link' && result !== 'declined' && result !== 'failed' && result !== 'skipped') return undefined
  const primary = parseTokenIdentity(raw.primary_identity)
  const secondary = parseTokenIdentity(raw.secondary_identity)
  if ((result === 'link') !== Boolean(primary && secondary)) return undefined
  return {
    sub,
    state,
    tokenId: jti,
    transactionId: optionalString(txn),
    result,
    never: never === true,
    primary: result === 'link' ? primary : undefined,
    secondary: result === 'link' ? secondary : undefined,
  }
}
