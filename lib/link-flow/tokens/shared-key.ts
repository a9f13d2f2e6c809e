/**
 * The keys of session tokens (from the Action to this service) and response tokens (from this service to the Action).
 * @module
 */
import 'server-only'
import type { RotatingSecret } from '../../config/config'
import type { Services } from '../services'

/** Which of the two shared secrets signed a session token. The response token is signed with the same one. */
export type SharedKeyName = keyof RotatingSecret

/** Imported keys, by secret. */
const keys = new Map<string, Promise<CryptoKey>>()

/**
 * The key made from the current or the previous shared secret. It is imported once, because with raw bytes `jose` would import it
 * for each token.
 *
 * @returns The key, or undefined if no previous secret is configured.
 */
export function sharedKey(
  services: Pick<Services, 'sharedSecret'>,
  name: SharedKeyName,
): Promise<CryptoKey> | undefined {
  const secret = services.sharedSecret[name]
  if (secret === undefined) return undefined
  const key = keys.get(secret) ?? importKey(secret)
  keys.set(secret, key)
  return key
}

function importKey(secret: string): Promise<CryptoKey> {
  const bytes = new TextEncoder().encode(secret)
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify'])
}
