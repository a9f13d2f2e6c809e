/**
 * Seals values that travel through the browser or are kept in the store. A sealed value is encrypted and authenticated, bound to
 * one purpose, and expires.
 * @module
 */
import 'server-only'
import { createHash, hkdfSync } from 'node:crypto'
import { CompactEncrypt, compactDecrypt } from 'jose'
import type { RotatingSecret } from './config'

/** Seals and opens values. */
export interface Sealer {
  /**
   * Seals a value.
   *
   * @param purpose - What the value is for. It can be opened only for the same purpose.
   * @param value - Any JSON value.
   * @param deadline - When the value expires, in seconds since the epoch.
   * @returns A compact JWE.
   * @see {@link https://www.rfc-editor.org/rfc/rfc7516 RFC 7516}
   */
  seal(purpose: string, value: unknown, deadline: number): Promise<string>
  /**
   * Opens a value that was sealed with the current or the previous secret.
   *
   * @returns The value; undefined if we did not seal it, or if it has another purpose, was altered or has expired.
   */
  unseal(purpose: string, sealed: string): Promise<unknown>
}

interface SealingKey {
  id: string
  key: CryptoKey
}

/** How many of the most recently used keys are cached. There can be many purposes, such as one for each entry of the store. */
const MAX_KEYS = 20

const keys = new Map<string, Promise<SealingKey>>()

/**
 * Makes a sealer.
 *
 * @param secret - The current secret seals; the previous one, if there is one, still opens.
 */
export function createSealer({ current, previous }: RotatingSecret): Sealer {
  const secrets = [current, previous].filter((secret) => secret !== undefined)
  return {
    async seal(purpose, value, deadline) {
      const { id, key } = await sealingKey(current, purpose)
      const plain = new TextEncoder().encode(JSON.stringify([deadline, value]))
      return new CompactEncrypt(plain)
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: id })
        .encrypt(key)
    },

    async unseal(purpose, sealed) {
      const known = await Promise.all(secrets.map((secret) => sealingKey(secret, purpose)))
      try {
        const { plaintext } = await compactDecrypt(
          sealed,
          ({ kid }) => {
            const sealing = known.find(({ id }) => id === kid)
            if (!sealing) throw new Error('unknown key')
            return sealing.key
          },
          { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] },
        )
        const [deadline, value] = JSON.parse(new TextDecoder().decode(plaintext)) as [number, unknown]
        return deadline > Date.now() / 1000 ? value : undefined
      } catch {
        return undefined
      }
    },
  }
}

/** The key of a purpose. Deriving and importing it takes as long as sealing, so it is cached. */
function sealingKey(secret: string, purpose: string): Promise<SealingKey> {
  const name = `${purpose} ${secret}`
  const key = keys.get(name) ?? deriveKey(secret, purpose)
  keys.delete(name)
  keys.set(name, key)
  const [oldest = name] = keys.keys()
  if (keys.size > MAX_KEYS) keys.delete(oldest)
  return key
}

async function deriveKey(secret: string, purpose: string): Promise<SealingKey> {
  const bytes = new Uint8Array(hkdfSync('sha256', secret, '', `account-linking ${purpose}`, 32))
  return {
    id: createHash('sha256').update(bytes).digest('base64url').slice(0, 8),
    key: await crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']),
  }
}
