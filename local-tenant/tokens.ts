/**
 * The tenant's signing keys, and the tokens that it signs with them.
 * @module
 */
import {
  type CryptoKey,
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  type JWTPayload,
  jwtVerify,
  SignJWT,
} from 'jose'

/** Signs and verifies RS256 tokens. The login domain and the canonical domain use the same key pair. */
export interface Signer {
  /** Returns the public keys as a JWK set, for `/.well-known/jwks.json`. */
  jwks(): object
  /**
   * Creates a new key, which signs from now on. `verify` still accepts tokens that older keys signed.
   *
   * @param keep - Whether `jwks` still returns the older keys.
   */
  rotate(keep: boolean): Promise<void>
  /**
   * Signs a payload exactly as given: no claim is added.
   *
   * @param payload - The claims; times in seconds.
   * @param options - `header` is merged into `{ alg, typ, kid }`.
   */
  sign(payload: Record<string, unknown>, options?: { header?: Record<string, unknown> }): Promise<string>
  /**
   * Returns the claims of a token that was signed here and is still valid.
   *
   * @param token - The compact JWT.
   * @param now - The time to check `exp` and `nbf` against, in milliseconds since the epoch; the machine's clock by default.
   * @throws An error of jose, by `code`: `ERR_JWT_EXPIRED`, `ERR_JWS_SIGNATURE_VERIFICATION_FAILED`, …
   */
  verify(token: string, now?: number): Promise<JWTPayload>
  readonly privateKey: CryptoKey
  readonly kid: string
}

interface SigningKey {
  publicKey: CryptoKey
  privateKey: CryptoKey
  kid: string
  jwk: object
}

/**
 * Creates a signer with a first key pair.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc7518#section-3.3 RFC 7518 section 3.3}
 */
export async function createSigner(): Promise<Signer> {
  let current = await createKey()
  let published = [current]
  const known = [current]
  return {
    get privateKey() {
      return current.privateKey
    },
    get kid() {
      return current.kid
    },
    jwks: () => ({ keys: published.map(({ jwk }) => jwk) }),
    rotate: async (keep) => {
      current = await createKey()
      published = keep ? [...published, current] : [current]
      known.push(current)
    },
    sign: (payload, options) =>
      new SignJWT(payload as JWTPayload)
        .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: current.kid, ...options?.header })
        .sign(current.privateKey),
    verify: async (token, now = Date.now()) => {
      const keyOf = (kid: unknown) => known.find((key) => key.kid === kid) ?? current
      const { payload } = await jwtVerify(token, ({ kid }) => keyOf(kid).publicKey, {
        algorithms: ['RS256'],
        currentDate: new Date(now),
      })
      return payload
    },
  }
}

async function createKey(): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true })
  const jwk = await exportJWK(publicKey)
  const kid = await calculateJwkThumbprint(jwk)
  return { publicKey, privateKey, kid, jwk: { ...jwk, use: 'sig', alg: 'RS256', kid } }
}
