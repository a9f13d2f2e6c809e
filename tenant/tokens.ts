/**
 * The tenant's signing key, and the tokens made with it.
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

/** Signs and verifies RS256 tokens; one key pair for both doors. */
export interface Signer {
  /** The public key, as `/.well-known/jwks.json` serves it. */
  jwks(): object
  /**
   * Signs a payload exactly as given: no claim is added.
   *
   * @param payload - The claims; times in seconds.
   * @param options - `header` is laid over `{ alg, typ, kid }`.
   */
  sign(payload: Record<string, unknown>, options?: { header?: Record<string, unknown> }): Promise<string>
  /**
   * The claims of a token signed here and still valid.
   *
   * @param token - The compact JWT.
   * @param now - Milliseconds since the epoch, for `exp` and `nbf`; by default the machine's clock.
   * @throws An error of jose, by `code`: `ERR_JWT_EXPIRED`, `ERR_JWS_SIGNATURE_VERIFICATION_FAILED`, …
   */
  verify(token: string, now?: number): Promise<JWTPayload>
  privateKey: CryptoKey
  kid: string
}

/**
 * Makes a key pair that lives as long as the tenant.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc7518#section-3.3 RFC 7518 section 3.3}
 */
export async function createSigner(): Promise<Signer> {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true })
  const publicJwk = await exportJWK(publicKey)
  const kid = await calculateJwkThumbprint(publicJwk)
  return {
    privateKey,
    kid,
    jwks: () => ({ keys: [{ ...publicJwk, use: 'sig', alg: 'RS256', kid }] }),
    sign: (payload, options) =>
      new SignJWT(payload as JWTPayload)
        .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid, ...options?.header })
        .sign(privateKey),
    verify: async (token, now = Date.now()) => {
      const { payload } = await jwtVerify(token, publicKey, {
        algorithms: ['RS256'],
        currentDate: new Date(now),
      })
      return payload
    },
  }
}
