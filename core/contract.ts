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
import { type Identity, isObject, isText, isTime, splitUserId } from './identity'

/** `purpose` of a token from the Action to the service. */
export const REQUEST_PURPOSE = 'account-link.request'
/** `purpose` of a token from the service to the Action. */
export const RESULT_PURPOSE = 'account-link.result'
/** The query and body parameter that carries either token. */
export const TOKEN_PARAMETER = 'session_token'
/** Candidates offered at most. */
export const MAX_CANDIDATES = 10
/** Further ways into a candidate that are read by name at most; the others are counted. */
const MAX_NAMES = 20
/** Longest life of a session token that is taken, in seconds. */
export const MAX_SESSION_TOKEN_LIFE = 900
/** How far the tenant's clock may be ahead for an answer that links nothing, in seconds: a paused login lives as long. */
export const MAX_AHEAD = 3_600
/** Life of a response token, in seconds. */
export const RESPONSE_TOKEN_LIFE = 120

/** What the Action found out about one candidate, for the person to read. Absent in documented tokens. */
export interface CandidateHint {
  /** Which account stays, by the operator's rule. */
  stays: 'current' | 'candidate'
  /** How many metadata fields of the account that ends are filled in on the one that stays. */
  carried: number
  /** Their names, as far as they fit into the token. Tokens of older Actions have none. */
  fields?: string[]
  /** Whether the candidate has a second factor enrolled: its proof then needs one. */
  mfa: boolean
  /**
   * Further ways into the candidate: a provider, or `strategy:connection`, each once, as far as they fit into the token.
   */
  also: string[]
  /** How many further identities the candidate holds beside one for each entry of `also`. */
  more?: number
  /** When the candidate was made, in seconds since the epoch: said of an account whose provider has another one here, too. */
  since?: number
}

/** An identity of a token, parsed. */
export interface TokenIdentity {
  /** `provider|id` */
  userId: string
  provider: string
  /** As the token says; see {@link TokenIdentity.isOtherConnection}. */
  connection: string
  /**
   * Whether the connection is not the one of this id. The published Actions name that of the login, which is another one if a
   * person signs in by a linked identity: nothing may be concluded from it.
   */
  isOtherConnection?: boolean
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
  /** Id of the organization that the person signs in to; tokens of older Actions have none. */
  organization?: string | undefined
  previous: PreviousOutcome | undefined
  current: TokenIdentity
  /** Without entries that name no identity, without the current one, without doubles; at most {@link MAX_CANDIDATES}. */
  candidates: TokenCandidate[]
}

/** How a flow ended, as the response token says it. */
export type LinkResult = (typeof RESULTS)[number]
const RESULTS = ['link', 'declined', 'failed', 'skipped'] as const

/** What a response token says. Identities are there exactly when `result` is `link`. */
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
  /** How far its dates are ahead of our clock, as the tenant's was, in whole seconds. Never with `link`. */
  ahead?: number | undefined
  /** The sign-in that proved the other account, as its ID token told. With `link` only; older services leave it out. */
  proof?: ResponseProof | undefined
}

/** The sign-in that proved an account. */
export interface ResponseProof {
  /** Seconds since the epoch, by the tenant's clock. */
  authTime: number
  /** The tenant's name of the session that began with it, if its ID token named one. */
  sid?: string | undefined
}

const optionalString = (value: unknown): string | undefined =>
  isText(value) && value !== '' ? value : undefined

/** An identity as a token states it, or undefined if the id is no user id or something is missing. */
function parseWireIdentity(raw: unknown): TokenIdentity | undefined {
  if (!isObject(raw) || typeof raw.user_id !== 'string' || !splitUserId(raw.user_id)) return undefined
  const { provider, connection } = raw
  if (typeof provider !== 'string' || typeof connection !== 'string' || connection === '') return undefined
  return { userId: raw.user_id, provider, connection }
}

/** What stands before the first bar of an identity's id: its true provider, whatever the token says. */
const providerOf = ({ userId }: TokenIdentity): string => userId.slice(0, userId.indexOf('|'))

/**
 * The current identity with its true provider. The published Actions write the strategy and the name of the login's connection
 * there, which may be another identity's of the same account. That shows if the provider is not the id's, and with
 * enterprise connections, whose name stands in the id (`samlp|acme|ann@example.com`), if that name is another one.
 * Ids of databases may hold bars of any kind, so they tell nothing.
 *
 * @see {@link https://auth0.com/docs/manage-users/user-accounts/identify-users Identify Users}
 */
function toCurrent(identity: TokenIdentity): TokenIdentity {
  const provider = providerOf(identity)
  const [, connection, ...rest] = identity.userId.split('|')
  const isOfOther = provider !== 'auth0' && rest.length > 0 && connection !== identity.connection
  const isOtherConnection = provider !== identity.provider || isOfOther
  return { ...identity, provider, ...(isOtherConnection && { isOtherConnection }) }
}

/** The same identity on the wire. */
export function toWireIdentity(identity: TokenIdentity): Identity {
  return { user_id: identity.userId, provider: identity.provider, connection: identity.connection }
}

/**
 * Reads the claims of a session token whose signature has been verified. Checks shape and life (`exp - iat` at most
 * {@link MAX_SESSION_TOKEN_LIFE}), not the clock and not the issuer: those need facts of the service.
 *
 * @param raw - The payload as decoded.
 * @returns The claims, or undefined if the shape is not that of a session token.
 */
export function parseSessionToken(raw: unknown): SessionTokenClaims | undefined {
  if (!isObject(raw)) return undefined
  const { sub, iss, iat, exp, purpose } = raw
  if (typeof sub !== 'string' || !splitUserId(sub) || typeof iss !== 'string' || !isTime(iat) || !isTime(exp))
    return undefined
  if (exp <= iat || exp - iat > MAX_SESSION_TOKEN_LIFE) return undefined
  // A response token, or a token of another purpose signed with the same key, is no session token.
  if (purpose !== undefined && purpose !== REQUEST_PURPOSE) return undefined
  const current = parseWireIdentity(raw.current_identity)
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
    organization: optionalString(raw.organization),
    previous: parsePrevious(raw.previous),
    current: toCurrent(current),
    candidates: parseCandidates(raw.candidate_identities, sub, own),
  }
}

function parseCandidates(raw: unknown[], sub: string, own: boolean): TokenCandidate[] {
  const byUserId = new Map<string, TokenCandidate>()
  for (const entry of raw) {
    const identity = parseWireIdentity(entry)
    if (!identity || !isObject(entry) || identity.userId === sub || byUserId.has(identity.userId)) continue
    if (identity.provider !== providerOf(identity)) continue
    byUserId.set(identity.userId, { ...identity, hint: own ? parseHint(entry) : undefined })
    if (byUserId.size === MAX_CANDIDATES) break
  }
  return [...byUserId.values()]
}

function parseHint(entry: Record<string, unknown>): CandidateHint {
  const also = texts(entry.also)
  const more = toCount(entry.more) + Math.max(0, also.length - MAX_NAMES)
  const fields = texts(entry.fields)
  return {
    stays: entry.stays === 'current' ? 'current' : 'candidate',
    carried: toCount(entry.carried),
    ...(fields.length > 0 && { fields }),
    mfa: entry.mfa === true,
    also: also.slice(0, MAX_NAMES),
    ...(more > 0 && { more }),
    ...(isTime(entry.since) && { since: entry.since }),
  }
}

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.filter(isText) : [])
const toCount = (value: unknown): number => (typeof value === 'number' && value > 0 ? Math.trunc(value) : 0)

function parsePrevious(raw: unknown): PreviousOutcome | undefined {
  if (!isObject(raw) || !isTime(raw.at) || (raw.result !== 'failed' && raw.result !== 'unknown'))
    return undefined
  return { result: raw.result, at: raw.at }
}

/** A response token's claims on the wire, as far as the Action reads them; none of them is certain to be there. */
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

/** The claims of a response token on the wire, without `iss`, `iat` and `exp`, which its signer adds. */
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
 * @returns The claims, or undefined if it is not a response token of ours.
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
  if (ahead !== undefined && (result === 'link' || !isTime(ahead) || ahead > MAX_AHEAD)) return undefined
  const transactionId = optionalString(raw.txn)
  const never = raw.never === true
  const proof = result === 'link' ? parseProof(raw) : undefined
  return { issuer, sub, state, tokenId, transactionId, result, never, primary, secondary, ahead, proof }
}

/** The sign-in that an answer names, if it names one, read from the payload as it is on the wire. */
export function parseProof(raw: ResponsePayload): ResponseProof | undefined {
  const { proof_auth_time: authTime, proof_sid: sid } = raw as Record<string, unknown>
  return isTime(authTime) ? { authTime, sid: optionalString(sid) } : undefined
}
