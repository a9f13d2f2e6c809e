/**
 * The expected verdict on a token: a second implementation of docs/reference/tokens.md, of Auth0's documentation of
 * `validateToken` and of RFC 7515. It shares nothing with the code that it judges.
 * @module
 */

import { isUtf8 } from 'node:buffer'
import { createHash, timingSafeEqual } from 'node:crypto'
import { type Claims, type Door, mac } from './genuine'
import type { TokenWorld, WireIdentity } from './world'

/** The result of a token at one place, and what was read from it. */
export interface Verdict {
  /**
   * `link`: `bad`; `bad_token`, `clock` and `expired`, after which the person can continue; `valid`. `finish`: `bad`,
   * `valid`. `continue`: `unverified`, `denied`, `nothing` (continues without linking), `declined`, `link`.
   */
  outcome: string
  /** What was read from the token, for comparison. */
  facts?: Record<string, unknown>
}

/** The verdict, and whether a refusal is right as well, because no token of ours is spelled like that. */
export interface Expected extends Verdict {
  mayRefuse: boolean
}

/** The verdict of each place on a token that it does not trust. */
export const REFUSED: Record<Door, string> = { link: 'bad', finish: 'bad', continue: 'unverified' }

const LONGEST = 16_384
const HOUR = 3600
const SKEW = 30

/**
 * Judges a token.
 *
 * @param world - The keys and the login.
 * @param door - The place at which it arrives.
 * @param token - As received.
 */
export function expectedVerdict(world: TokenWorld, door: Door, token: string): Expected {
  const refused = { outcome: REFUSED[door], mayRefuse: true }
  const read = readToken(world, door, token)
  if (!read) return refused
  const verdict = { link: judgeRequest, finish: judgeAnswer, continue: judgeAtAction }[door](world, read)
  return { ...verdict, mayRefuse: read.isOddlySpelled || verdict.outcome === REFUSED[door] }
}

interface ReadToken {
  claims: Claims
  key: 'current' | 'previous'
  mac: Buffer
  isOddlySpelled: boolean
}

function readToken(world: TokenWorld, door: Door, token: string): ReadToken | undefined {
  const [header = '', payload = '', signature = '', ...more] = token.split('.')
  const isService = door !== 'continue'
  if (more.length > 0 || (isService && token.length > LONGEST)) return undefined
  const given = Buffer.from(signature, 'base64')
  const keys = { current: world.secret, previous: isService ? world.previous : undefined }
  for (const key of ['current', 'previous'] as const) {
    const secret = keys[key]
    if (secret === undefined) continue
    const expected = mac(`${header}.${payload}`, secret)
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) continue
    const [head, body] = [readPart(header), readPart(payload)]
    if (!head || !body || !isHeader(head.value, isService) || (isService && !body.isUtf8)) return undefined
    const isExact = head.isExact && body.isExact && signature === expected.toString('base64url')
    return { claims: body.value, key, mac: expected, isOddlySpelled: !isExact || isOddHeader(head.value) }
  }
  return undefined
}

function readPart(text: string) {
  const bytes = Buffer.from(text, 'base64')
  try {
    // Drops a byte order mark, as some parsers do.
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    const hasMark = bytes.subarray(0, 3).equals(Buffer.from('\uFEFF'))
    const isExact = bytes.toString('base64url') === text && isUtf8(bytes) && !hasMark
    return { value: value as Claims, isExact, isUtf8: isUtf8(bytes) }
  } catch {
    return undefined
  }
}

function isHeader({ alg, typ, ...rest }: Claims, isService: boolean): boolean {
  const isJwt = typ === undefined || (typeof typ === 'string' && typ.toUpperCase() === 'JWT')
  return alg === 'HS256' && isJwt && !(isService && 'crit' in rest)
}

/** Whether a header has values that ours never have. At the Action, only the platform's own check decides about them. */
const isOddHeader = ({ typ, b64, crit }: Claims) =>
  (typ !== undefined && typ !== 'JWT') || b64 !== undefined || crit !== undefined

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''
const isUserId = (value: unknown): value is string => isText(value) && /^[^|]+\|.+$/s.test(value)
const isIdentity = (value: unknown): value is WireIdentity => {
  const { user_id, provider, connection } = (value ?? {}) as Claims
  return !Array.isArray(value) && isUserId(user_id) && typeof provider === 'string' && isText(connection)
}
const isWhole = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0

function judgeRequest({ now, issuers }: TokenWorld, { claims, key, mac }: ReadToken): Verdict {
  const { iss, sub, iat, exp, nbf, purpose, jti } = claims
  const isOurs = issuers.includes(iss as string) && isUserId(sub) && typeof iat === 'number'
  const isRequest = purpose === undefined || purpose === 'account-link.request'
  if (!isOurs || !isRequest || Math.abs(now - iat) > HOUR) return { outcome: 'bad' }
  const hash = createHash('sha256').update(mac).digest('base64url')
  const replay = isText(jti) ? `token-id:${jti}` : `token-signature:${hash}`
  const facts = { sub, key, replay, ahead: Math.max(0, Math.ceil(iat - now)) }
  const { current_identity: current, candidate_identities: listed } = claims
  const isTimely = isWhole(iat) && isWhole(exp) && exp > iat && exp - iat <= 900
  const isBegun = nbf === undefined || (typeof nbf === 'number' && nbf <= now + HOUR)
  const isShaped = isIdentity(current) && current.user_id === sub && Array.isArray(listed)
  if (!isTimely || !isBegun || !isShaped) return { outcome: 'bad_token', facts }
  if (Math.max(iat, (nbf as number | undefined) ?? 0) > now + SKEW) return { outcome: 'clock', facts }
  if (exp < now - 5) return { outcome: 'expired', facts }
  const candidates = listed.filter(
    (entry): entry is WireIdentity =>
      isIdentity(entry) && entry.provider === entry.user_id.split('|')[0] && entry.user_id !== sub,
  )
  const ids = candidates.map(({ user_id }) => user_id)
  const offered = candidates.filter(({ user_id }, at) => ids.indexOf(user_id) === at).slice(0, 10)
  const names = offered.map(({ user_id, connection }) => `${user_id} ${connection}`)
  return { outcome: 'valid', facts: { ...facts, candidates: names } }
}

function judgeAnswer({ now, service }: TokenWorld, { claims, key }: ReadToken): Verdict {
  const { iss, sub, iat, exp, state, jti, purpose, result, primary_identity, secondary_identity } = claims
  const isOurs = iss === service && purpose === 'account-link.result'
  // An answer that links nothing may have the date of a clock that is ahead of ours. It then says how far, in seconds.
  const { ahead = 0 } = claims as { ahead?: number }
  const isAhead = 'ahead' in claims
  const mayBeAhead = !isAhead || (isWhole(ahead) && ahead <= HOUR && result !== 'link')
  const seen = now + Number(ahead)
  const isTimed =
    mayBeAhead &&
    typeof iat === 'number' &&
    typeof exp === 'number' &&
    iat >= seen - HOUR &&
    iat <= seen + SKEW
  const isAbout = isText(sub) && isText(state) && isText(jti)
  const isPair = isIdentity(primary_identity) && isIdentity(secondary_identity)
  const isResult =
    result === 'link' ? isPair : ['declined', 'failed', 'skipped'].includes(result as string) && !isPair
  if (!isOurs || !isTimed || !isAbout || !isResult) return { outcome: 'bad' }
  return { outcome: 'valid', facts: { sub, state, jti, result, key, secondsLeft: exp - seen } }
}

function judgeAtAction(world: TokenWorld, { claims }: ReadToken): Verdict {
  const { iss, sub, iat, exp, state, purpose, txn, result, primary_identity, secondary_identity } = claims
  const isStandard =
    isText(sub) && typeof iat === 'number' && typeof exp === 'number' && state === world.state
  const isOurs = iss === world.service && purpose === 'account-link.result'
  if (!isStandard || !isOurs || exp <= world.now) return { outcome: 'unverified' }
  if (txn !== world.txn || sub !== world.current.user_id) return { outcome: 'denied' }
  if (result !== 'link') return { outcome: result === 'declined' ? 'declined' : 'nothing' }
  const pair = [primary_identity, secondary_identity]
  const isOffered = world.candidates.some(
    (candidate) =>
      (isSame(pair[0], candidate) && isSame(pair[1], world.current)) ||
      (isSame(pair[1], candidate) && isSame(pair[0], world.current)),
  )
  return { outcome: isOffered ? 'link' : 'denied' }
}

function isSame(value: unknown, identity: WireIdentity): boolean {
  const { user_id, provider, connection } = (value ?? {}) as Claims
  return user_id === identity.user_id && provider === identity.provider && connection === identity.connection
}
