/**
 * The HS256 tokens of `api.redirect`. Actions call these functions synchronously, so jose, which is asynchronous, cannot be
 * used.
 * @module
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { parseUrl } from '../parse-url'
import type { RedirectContext } from './action-protocol'

/** How long a token of `encodeToken` is valid by default. */
const DEFAULT_LIFETIME_SECONDS = 900

/**
 * Signs the token that an Action passes to the application to which it redirects.
 *
 * @param context - The issuer, the user and the IP address of the login, and the tenant's clock.
 * @param options - The keys of `payload` become top-level claims.
 * @see https://auth0.com/docs/customize/actions/redirect-with-actions
 */
export function encodeToken(
  context: RedirectContext,
  options: { secret: string; payload?: Record<string, unknown>; expiresInSeconds?: number },
): string {
  const issuedAt = Math.floor((Date.now() + context.clockOffset) / 1000)
  const claims = {
    iss: context.issuer,
    iat: issuedAt,
    exp: issuedAt + (options.expiresInSeconds ?? DEFAULT_LIFETIME_SECONDS),
    sub: context.subject,
    ip: context.ip,
    ...options.payload,
  }
  const signed = `${toBase64url({ alg: 'HS256', typ: 'JWT' })}.${toBase64url(claims)}`
  return `${signed}.${hmac(signed, options.secret).toString('base64url')}`
}

/**
 * Checks the token that the application sent back, and returns its claims.
 *
 * @param context - The issuer and the user of the login, and, in `answered`, the redirect from which the browser has just
 *   returned.
 * @param request - Query and body of the request to `/continue`. If both contain the token, the one in the body is used.
 * @param options - `tokenParameterName` is the name of the parameter that contains the token.
 * @throws {Error} With Auth0's message, if there is no token or it is not valid.
 * @see https://auth0.com/docs/customize/actions/redirect-with-actions
 */
export function validateToken(
  context: RedirectContext,
  request: { query: Record<string, string>; body: Record<string, unknown> },
  options: { secret: string; tokenParameterName?: string },
): Record<string, unknown> {
  const name = options.tokenParameterName ?? context.tokenParameter
  if (name === null) throw new Error('tokenParameterName is required.')
  const token = { ...request.query, ...request.body }[name]
  if (typeof token !== 'string' || token === '') {
    throw new Error(
      `There is no parameter called '${name}' available in either the POST body or query string.`,
    )
  }
  const claims = verifiedClaims(token, options.secret)
  const problem = firstProblem(claims, context)
  if (problem !== undefined) throw invalid(problem)
  return claims
}

function verifiedClaims(token: string, secret: string): Record<string, unknown> {
  const [header = '', payload = '', signature = '', ...rest] = token.split('.')
  const given = Buffer.from(signature, 'base64url')
  const expected = hmac(`${header}.${payload}`, secret)
  const { alg, typ } = fromBase64url(header)
  const holds =
    rest.length === 0 &&
    alg === 'HS256' &&
    given.length === expected.length &&
    timingSafeEqual(given, expected)
  if (!holds) throw invalid('Failed signature validation')
  if (typ !== undefined && typ !== 'JWT') throw invalid('Unexpected token payload type')
  return fromBase64url(payload)
}

function firstProblem(claims: Record<string, unknown>, context: RedirectContext): string | undefined {
  const { iss, sub, iat, exp, state } = claims
  if (!isText(iss) || !isText(sub) || typeof iat !== 'number' || typeof exp !== 'number') {
    return 'Missing or invalid standard claims'
  }
  if (state !== context.answered?.state) return 'State in the token does not match the /continue state.'
  if (context.checkSubject && sub !== context.subject) return 'The sub claim does not match the user_id.'
  if (context.checkIssuer && hostOf(iss) !== context.answered?.host)
    return 'Missing or invalid standard claims'
  if (exp * 1000 <= Date.now() + context.clockOffset) return 'Token has expired.'
  return undefined
}

function invalid(problem: string): Error {
  return new Error(`The session token is invalid: ${problem}`)
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

function hostOf(issuer: string): string {
  return (issuer.includes('://') && parseUrl(issuer)?.host) || issuer
}

function hmac(text: string, secret: string): Buffer {
  return createHmac('sha256', secret).update(text).digest()
}

function toBase64url(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function fromBase64url(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString())
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>
    }
  } catch {
    // Falls through: text that is not JSON is not a token.
  }
  throw invalid('Failed signature validation')
}
