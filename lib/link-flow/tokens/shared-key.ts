/**
 * The keys of session and response tokens.
 * @module
 */
import 'server-only'
import { config, type RotatingSecret } from '../../config/config'

/** Which of the two secrets signed a token; its answer is signed with the same one. */
export type SharedKeyName = keyof RotatingSecret

const keys = new Map<SharedKeyName, Promise<CryptoKey>>()

/**
 * The key by that name, imported once: with raw bytes every check would import it anew.
 *
 * @returns The key, or undefined where no previous secret is configured.
 */
export function sharedKey(name: SharedKeyName): Promise<CryptoKey> | undefined {
  const secret = config().sharedSecret[name]
  if (secret === undefined) return undefined
  const key = keys.get(name) ?? importKey(secret)
  keys.set(name, key)
  return key
}

function importKey(secret: string): Promise<CryptoKey> {
  const bytes = new TextEncoder().encode(secret)
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify'])
}
