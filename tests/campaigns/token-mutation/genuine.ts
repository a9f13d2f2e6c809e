/**
 * Tokens as the Action and the service make them, and tools that make other tokens.
 * @module
 */
import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import type { TokenWorld } from './world'

/** The place that verifies a token: the service at `/link` or at `/link/finish`, or the Action at `/continue`. */
export type Door = 'link' | 'finish' | 'continue'

/** Claims as they are in a token. */
export type Claims = Record<string, unknown>

/** A token that should verify, before it is signed. */
export interface Genuine {
  door: Door
  claims: Claims
  key: string
}

/** The header of every genuine token. */
export const HEADER = { alg: 'HS256', typ: 'JWT' }

/** Encodes one part of a token in base64url: bytes, text, or a value as JSON. */
export function encode(part: unknown): string {
  const bytes = Buffer.isBuffer(part) || typeof part === 'string' ? part : JSON.stringify(part)
  return Buffer.from(bytes as string).toString('base64url')
}

/** The HMAC of a text, which becomes the signature. */
export const mac = (input: string, key: string | Buffer, hash = 'sha256'): Buffer =>
  createHmac(hash, key).update(input).digest()

/** A compact token from two encoded parts. */
export const seal = (header: string, payload: string, key: string | Buffer, hash?: string): string =>
  `${header}.${payload}.${mac(`${header}.${payload}`, key, hash).toString('base64url')}`

/** A compact token from a header and claims. */
export const sign = (
  claims: unknown,
  key: string | Buffer,
  header: unknown = HEADER,
  hash?: string,
): string => seal(encode(header), encode(claims), key, hash)

/** Signs a genuine token. */
export const tokenOf = ({ claims, key }: Genuine): string => sign(claims, key)

type Shape = (world: TokenWorld, id: number, times: { iat: number; exp: number }) => Omit<Genuine, 'key'>

const documented: Shape = ({ current, candidates, issuers }, _id, times) => ({
  door: 'link',
  claims: {
    ...times,
    iss: issuers[1],
    sub: current.user_id,
    ip: '203.0.113.9',
    current_identity: current,
    candidate_identities: candidates,
  },
})
const later: Shape = (world, id, times) => {
  const { door, claims } = documented(world, id, times)
  return {
    door,
    claims: { ...claims, email: 'ann@example.com', continue_url: `https://${world.issuers[0]}/continue` },
  }
}
const own: Shape = (world, id, times) => {
  const { door, claims } = later(world, id, times)
  const hints = { stays: 'candidate', carried: 1, mfa: false, also: ['github'] }
  return {
    door,
    claims: {
      ...claims,
      iss: world.issuers[id % 2],
      purpose: 'account-link.request',
      jti: `request-${id}`,
      txn: world.txn,
      client_id: 'demo-other',
      client_name: 'Other Company',
      candidate_identities: world.candidates.map((candidate) => ({ ...candidate, ...hints })),
    },
  }
}
const answer =
  (door: Door, result: string): Shape =>
  ({ current, candidates, service, state, txn }, id, times) => ({
    door,
    claims: {
      sub: current.user_id,
      state,
      jti: `answer-${id}`,
      purpose: 'account-link.result',
      txn,
      result,
      ...(result === 'declined' && id % 2 === 1 && { never: true }),
      ...(result === 'link' && { primary_identity: candidates[id % 2], secondary_identity: current }),
      iss: service,
      ...times,
    },
  })

/** An answer for a service whose clock is behind the tenant's: it has the tenant's time, and says in `ahead` how far. */
const ahead: Shape = (world, id, { iat, exp }) => {
  const by = 1 + (id % 3600)
  const { door, claims } = answer('finish', 'failed')(world, id, { iat: iat + by, exp: exp + by })
  return { door, claims: { ...claims, ahead: by } }
}

const SHAPES: Shape[] = [
  own,
  own,
  documented,
  later,
  answer('finish', 'link'),
  answer('finish', 'declined'),
  ahead,
  answer('continue', 'link'),
  answer('continue', 'declined'),
  answer('continue', 'skipped'),
]

/**
 * Every kind of genuine token, up to a minute old. Some of those for the service are signed with the previous secret.
 *
 * @param world - The keys and the login.
 */
export function genuine(world: TokenWorld): fc.Arbitrary<Genuine> {
  return fc.tuple(fc.constantFrom(...SHAPES), fc.nat(), fc.nat({ max: 59 })).map(([shape, id, age]) => {
    const made = shape(world, id, { iat: world.now - age, exp: world.now - age + 120 })
    const isPrevious = made.door !== 'continue' && id % 8 === 0
    return { ...made, key: (isPrevious && world.previous) || world.secret }
  })
}
