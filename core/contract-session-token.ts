/**
 * The session token, from the Action to the linking service: its claims, their shape and their parser.
 *
 * The documented contract (Auth0's published sample Actions, both generations) carries only `current_identity` and
 * `candidate_identities`, and `email` and `continue_url` in the later one. Everything else is what our own Action adds.
 *
 * @see {@link https://auth0.com/docs/manage-users/user-accounts/user-account-linking/link-user-accounts Link User Accounts}
 * @module
 */
import { optionalString, parseWireIdentity, REQUEST_PURPOSE, type TokenIdentity } from './contract'
import { isObject, isText, isTime, splitUserId } from './identity'
import { RIGHTS_KINDS, type RightsKind } from './rights/rights'

/** Candidates offered at most. */
export const MAX_CANDIDATES = 10
/** Further ways into a candidate that are read by name at most; the others are counted. */
const MAX_NAMES = 20
/** Longest life of a session token that is taken, in seconds. */
export const MAX_SESSION_TOKEN_LIFE = 900

/** What the Action found out about one candidate, for the person to read. Absent in documented tokens. */
export interface CandidateHint {
  /** Which account stays, by the operator's rule. */
  stays: 'current' | 'candidate'
  /** How many metadata fields of the account that ends are filled in on the one that stays. */
  carried: number
  /** Their names, as far as they fit into the token. Tokens of older Actions have none. */
  fields?: string[]
  /** What becomes of the rights of the account that ends. Tokens of older Actions have none. */
  rights?: RightsHint
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

/** What becomes of the rights of the account that ends, for the person to read. */
export interface RightsHint {
  /** Names of the roles that the account that stays is given, as far as they fit into the token. */
  roles?: string[]
  /** Names of the organizations that it becomes a member of, or is given roles in, as far as they fit. */
  organizations?: string[]
  /** How many permissions it is given. */
  permissions?: number
  /** How many roles and organizations it is given beyond those that are named. */
  more?: number
  /** The kinds of which the person may lose something; left out in the token if there are none. */
  lost?: RightsKind[]
  /** Whether the person is asked to set up a factor again. */
  enroll?: boolean
  /** {@link digestOfGiven} of what it is given. */
  digest?: string
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

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.filter(isText) : [])
const toCount = (value: unknown): number => (typeof value === 'number' && value > 0 ? Math.trunc(value) : 0)

function parsePrevious(raw: unknown): PreviousOutcome | undefined {
  if (!isObject(raw) || !isTime(raw.at) || (raw.result !== 'failed' && raw.result !== 'unknown'))
    return undefined
  return { result: raw.result, at: raw.at }
}
