/**
 * ID tokens, and their faults: with the option `id_token`, tests can make claims, header and signature wrong.
 * @module
 */
import { createHash, createHmac } from 'node:crypto'
import type { Grant, StoredClient, StoredUser } from '../model'
import type { TenantState } from '../state'
import { organizationClaims } from './organization'
import { userClaims } from './user-claims'

const ID_TOKEN_SECONDS = 36_000
const DAY_SECONDS = 86_400

/**
 * Signs the ID token of a grant.
 *
 * @param state - The tenant. Its option `id_token` lists the faults.
 * @param grant - What was granted.
 * @param user - The user that the token is about.
 * @param accessToken - The access token in the same authorization response, if any. The ID token then contains its hash
 *   (`at_hash`).
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#IDToken OpenID Connect Core section 2}
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#ImplicitIDToken OpenID Connect Core section 3.2.2.10}
 */
export async function idToken(
  state: TenantState,
  grant: Grant,
  user: StoredUser,
  accessToken?: string,
): Promise<string> {
  const issuedAt = Math.floor(state.now() / 1000)
  const claims: Record<string, unknown> = {
    ...userClaims(user, grant.scopes),
    ...grant.idTokenClaims,
    iss: grant.door.issuer,
    sub: user.user_id,
    aud: grant.clientId,
    iat: issuedAt,
    exp: issuedAt + ID_TOKEN_SECONDS,
    auth_time: grant.authTime,
    ...(grant.sessionId !== undefined && { sid: grant.sessionId }),
    ...organizationClaims(state, grant),
    ...(grant.nonce !== undefined && { nonce: grant.nonce }),
    ...(grant.amr.includes('mfa') && { amr: ['mfa'] }),
    ...(accessToken !== undefined && { at_hash: leftHalfHash(accessToken) }),
  }
  const client = state.clients.get(grant.clientId)
  const { alg = algorithmOf(client), kid, signature, ...faults } = state.options.id_token
  for (const [claim, fault] of Object.entries(faults)) applyFault(claims, claim, fault)
  if (alg === 'none') return unsigned(claims, 'none')
  if (alg !== 'RS256') {
    const text = unsigned(claims, 'HS256').slice(0, -1)
    const secret = client?.client_secret ?? ''
    return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
  }
  const header = kid === undefined ? {} : { kid: kid === 'missing' ? undefined : kid }
  const token = await state.signer.sign(claims, { header })
  return signature === undefined ? token : withWrongSignature(token)
}

/**
 * Returns the algorithm that signs a client's ID tokens: the one in the client's settings, or HS256 (with the client's
 * secret) if there is none. RS512 and PS256 are replaced by RS256 here.
 *
 * @see {@link https://auth0.com/docs/get-started/applications/signing-algorithms Signing algorithms}
 */
function algorithmOf(client: StoredClient | undefined): 'HS256' | 'RS256' {
  const { alg = 'HS256' } = (client?.settings?.jwt_configuration ?? {}) as { alg?: string }
  return alg === 'HS256' ? 'HS256' : 'RS256'
}

function leftHalfHash(token: string): string {
  return createHash('sha256').update(token).digest().subarray(0, 16).toString('base64url')
}

/**
 * Applies a fault to a claim. `missing` and null remove the claim, `old` and `past` move a time back by a day, and `wrong`
 * changes the value. Any other fault becomes the value of the claim.
 */
function applyFault(claims: Record<string, unknown>, claim: string, fault: unknown): void {
  const value = claims[claim]
  if (fault === 'missing' || fault === null) delete claims[claim]
  else if (fault === 'old' || fault === 'past') claims[claim] = Number(value) - DAY_SECONDS
  else if (fault === 'wrong') claims[claim] = wrongValue(claim, value)
  else claims[claim] = fault
}

function wrongValue(claim: string, value: unknown): unknown {
  if (typeof value === 'number') return value - DAY_SECONDS
  if (typeof value === 'boolean') return !value
  return claim === 'iss' ? 'https://wrong.example/' : `wrong-${claim}`
}

function unsigned(claims: object, alg: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg, typ: 'JWT' })}.${part(claims)}.`
}

function withWrongSignature(token: string): string {
  const dot = token.lastIndexOf('.')
  const bytes = Buffer.from(Buffer.from(token.slice(dot + 1), 'base64url').map((byte) => byte ^ 255))
  return `${token.slice(0, dot)}.${bytes.toString('base64url')}`
}
