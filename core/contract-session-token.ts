/**
 * The session token from the Action to the linking service: its claims, their shape and their parser.
 *
 * The documented contract (both generations of Auth0's published sample Actions) has only `current_identity` and
 * `candidate_identities`; the later generation also has `email` and `continue_url`. Our own Action adds all other claims.
 *
 * @see {@link https://auth0.com/docs/manage-users/user-accounts/user-account-linking/link-user-accounts Link User Accounts}
 * @module
 */
import { optionalString, parseWireIdentity, REQUEST_PURPOSE, type TokenIdentity } from './contract'
import { isObject, isString, isTime, splitUserId } from './identity'
import { RIGHTS_KINDS, type RightsKind } from './rights/rights'

/** The most candidates that are offered. */
export const MAX_CANDIDATES = 10
/** The most names that are read from a list of names. Further sign-in methods beyond it are only counted. */
const MAX_NAMES = 20
/** Longest accepted life of a session token, in seconds. */
export const MAX_SESSION_TOKEN_LIFE = 900

/** What the prompt says about one candidate. Only our own Action sends it. */
export interface CandidateHint {
  /** Which account becomes primary, by the operator's rules. */
  stays: 'current' | 'candidate'
  /** How many metadata fields are carried over from the secondary account. */
  carried: number
  /** Names of the carried-over fields, as many as fit into the token. Older Actions send none. */
  fields?: string[]
  /** What happens to the secondary account's rights. Older Actions send none. */
  rights?: RightsHint
  /** Whether the candidate has a second factor enrolled: proving the account then needs that factor. */
  mfa: boolean
  /** Further sign-in methods of the candidate, as many as fit into the token, each once: a provider, or `strategy:connection`. */
  also: string[]
  /** How many identities the candidate has beyond its own and one for each entry of `also`. */
  more?: number
  /** When the candidate was created (seconds since the epoch). Set only if another account here has the same provider. */
  since?: number
}

/** What the prompt says about the rights of the secondary account. */
export interface RightsHint {
  /** Names of the roles that the primary account receives, as many as fit into the token. */
  roles?: string[]
  /** Names of the organizations that the primary account joins or receives roles in, as many as fit. */
  organizations?: string[]
  /** How many permissions the primary account receives. */
  permissions?: number
  /** How many roles and organizations the primary account receives beyond those that are named. */
  more?: number
  /** The kinds of rights that the person may lose; left out of the token if there are none. */
  lost?: RightsKind[]
  /** Whether the person has to set up a factor again. */
  enroll?: boolean
  /** {@link digestOfGiven} of the rights that the primary account receives. */
  digest?: string
}

/** A candidate in a session token. Only our own Action sets `hint`. */
export interface TokenCandidate extends TokenIdentity {
  hint: CandidateHint | undefined
}

/** How the person's last attempt to link ended, for the prompt. */
export interface PreviousOutcome {
  result: 'failed' | 'unknown'
  /** Seconds since the epoch. */
  at: number
}

/** The parsed claims of a session token. */
export interface SessionTokenClaims {
  /** Whether our own Action signed the token (it sets `purpose`) or one of Auth0's published ones. */
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
  /** Id of the organization that the person signs in to. Older Actions send none. */
  organization?: string | undefined
  previous: PreviousOutcome | undefined
  current: TokenIdentity
  /** Valid entries only, without the current identity and duplicates; at most {@link MAX_CANDIDATES}. */
  candidates: TokenCandidate[]
}

/** The part of a user id before the first bar: the true provider, whatever the token says. */
const providerOf = ({ userId }: TokenIdentity): string => userId.slice(0, userId.indexOf('|'))

/**
 * Sets the current identity's true provider. The published Actions send the login's connection with the account's user id, but
 * the person may have logged in with another identity of that account. Two facts show that: the provider differs from the
 * id's, or, with enterprise connections, the name differs from the one in the id (`samlp|acme|ann@example.com`).
 * Database ids may contain bars, so they show nothing.
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

/**
 * Reads the claims of a session token whose signature has been verified. Checks their shape and that `exp - iat` is at most
 * {@link MAX_SESSION_TOKEN_LIFE}. The service checks the clock and the issuer.
 *
 * @param raw - The payload as decoded.
 * @returns Undefined if the payload is not a session token.
 */
export function parseSessionToken(raw: unknown): SessionTokenClaims | undefined {
  if (!isObject(raw)) return undefined
  const { sub, iss, iat, exp, purpose } = raw
  if (typeof sub !== 'string' || !splitUserId(sub) || typeof iss !== 'string' || !isTime(iat) || !isTime(exp))
    return undefined
  if (exp <= iat || exp - iat > MAX_SESSION_TOKEN_LIFE) return undefined
  // The same key signs tokens with other purposes, such as response tokens.
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
    ...(isObject(entry.rights) && { rights: parseRights(entry.rights) }),
    mfa: entry.mfa === true,
    also: also.slice(0, MAX_NAMES),
    ...(more > 0 && { more }),
    ...(isTime(entry.since) && { since: entry.since }),
  }
}

function parseRights({ lost, ...hint }: Record<string, unknown>): RightsHint {
  return {
    roles: texts(hint.roles).slice(0, MAX_NAMES),
    organizations: texts(hint.organizations).slice(0, MAX_NAMES),
    permissions: toCount(hint.permissions),
    more: toCount(hint.more),
    enroll: hint.enroll === true,
    lost: RIGHTS_KINDS.filter((kind) => texts(lost).includes(kind)),
  }
}

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.filter(isString) : [])
const toCount = (value: unknown): number => (typeof value === 'number' && value > 0 ? Math.trunc(value) : 0)

function parsePrevious(raw: unknown): PreviousOutcome | undefined {
  if (!isObject(raw) || !isTime(raw.at) || (raw.result !== 'failed' && raw.result !== 'unknown'))
    return undefined
  return { result: raw.result, at: raw.at }
}
