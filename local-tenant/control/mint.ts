/**
 * Creates any JWT that a test needs, including invalid ones.
 * @module
 */
import {
  constants,
  createHmac,
  createPrivateKey,
  createSecretKey,
  type JsonWebKey,
  type KeyObject,
  sign,
} from 'node:crypto'

/** The key that signs a token: a secret for HMAC, or a private key. */
export type MintKey = { secret: string } | { key: KeyObject; kid?: string }

/**
 * The members that a private or an `oct` key must have, by key type. They are checked here because versions of Node.js word
 * their errors differently, and some do not name the member.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7518#section-6
 * @see https://www.rfc-editor.org/rfc/rfc8037#section-2
 */
const MEMBERS: Record<string, string[]> = {
  oct: ['k'],
  RSA: ['n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi'],
  EC: ['crv', 'x', 'y', 'd'],
  OKP: ['crv', 'x', 'd'],
}

/**
 * Imports a JWK.
 *
 * @param jwk - A private key or an `oct` key.
 * @throws {Error} If it is neither, or if a member is missing. The message names the member.
 */
export function mintKeyOfJwk(jwk: Record<string, unknown>): MintKey {
  const members = Object.hasOwn(MEMBERS, String(jwk.kty)) ? MEMBERS[String(jwk.kty)] : undefined
  if (members === undefined) throw new Error(`key.kty: must be one of ${Object.keys(MEMBERS).join(', ')}`)
  for (const name of members) {
    const value = jwk[name]
    if (typeof value !== 'string' || !/^[\w-]+$/.test(value))
      throw new Error(`key.${name}: must be base64url`)
  }
  const kid = typeof jwk.kid === 'string' ? { kid: jwk.kid } : {}
  if (jwk.kty === 'oct') {
    return { key: createSecretKey(Buffer.from(String(jwk.k), 'base64url')), ...kid }
  }
  return { key: createPrivateKey({ key: jwk as JsonWebKey, format: 'jwk' }), ...kid }
}

/**
 * Signs a token without checking its content. The header need not fit the key: if its `alg` is for another type of key, the
 * key still signs with an algorithm of its own type. If `alg` is any spelling of `none`, the token gets no signature.
 *
 * @param payload - The payload as text: JSON, or anything else that a test needs.
 * @param header - Merged into `{ alg, typ, kid? }`.
 * @param key - The key that signs.
 * @see https://www.rfc-editor.org/rfc/rfc7515#section-5.1
 */
export function mint(payload: string, header: Record<string, unknown>, key: MintKey): string {
  const usual = 'secret' in key || key.key.type === 'secret' ? 'HS256' : usualAlgorithm(key.key)
  const kid = 'kid' in key ? { kid: key.kid } : {}
  const whole = { alg: usual, typ: 'JWT', ...kid, ...header }
  const signed = `${encoded(JSON.stringify(whole))}.${encoded(payload)}`
  return `${signed}.${signature(signed, whole.alg, key)}`
}

function signature(signed: string, claimed: unknown, key: MintKey): string {
  const algorithm = String(claimed)
  if (algorithm.toLowerCase() === 'none') return ''
  const hash = `sha${/^(?:HS|RS|PS|ES)(256|384|512)$/.exec(algorithm)?.[1] ?? '256'}`
  if ('secret' in key) return createHmac(hash, key.secret).update(signed).digest('base64url')
  if (key.key.type === 'secret') return createHmac(hash, key.key).update(signed).digest('base64url')
  const data = Buffer.from(signed)
  if (key.key.asymmetricKeyType === 'ec') {
    return sign(hash, data, { key: key.key, dsaEncoding: 'ieee-p1363' }).toString('base64url')
  }
  if (key.key.asymmetricKeyType !== 'rsa') return sign(null, data, key.key).toString('base64url')
  const padding = algorithm.startsWith('PS')
    ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
    : {}
  return sign(hash, data, { key: key.key, ...padding }).toString('base64url')
}

function usualAlgorithm(key: KeyObject): string {
  if (key.asymmetricKeyType === 'rsa') return 'RS256'
  return key.asymmetricKeyType === 'ec' ? 'ES256' : 'EdDSA'
}

function encoded(text: string): string {
  return Buffer.from(text).toString('base64url')
}
