/**
 * Sealing values that travel through the browser: encrypted, authenticated, of one purpose, with an end.
 * @module
 */
import 'server-only'
import { createHash, hkdfSync } from 'node:crypto'
import { CompactEncrypt, compactDecrypt } from 'jose'
import { config } from './config'

interface SealingKey {
  id: string
  key: CryptoKey
}

/** Keys that are kept, the ones used last. A purpose may be one of many, such as an entry of the store. */
const MAX_KEYS = 20

const keys = new Map<string, Promise<SealingKey>>()

/**
 * Seals a value.
 *
 * @param purpose - What the value is for; it opens for no other purpose.
 * @param value - Anything JSON can hold.
 * @param deadline - When it stops opening, in seconds since the epoch.
 * @returns A compact JWE.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7516 RFC 7516}
 */
export async function seal(purpose: string, value: unknown, deadline: number): Promise<string> {
  const { id, key } = await sealingKey(config().flowSecret.current, purpose)
  const plain = new TextEncoder().encode(JSON.stringify([deadline, value]))
  return new CompactEncrypt(plain).setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: id }).encrypt(key)
}

/**
 * Opens a sealed value, also one sealed with the previous secret.
 *
 * @returns The value, or undefined where it is not ours, of another purpose, altered or past its end.
 */
export async function unseal(purpose: string, sealed: string): Promise<unknown> {
  const { current, previous } = config().flowSecret
  const secrets = [current, previous].filter((secret) => secret !== undefined)
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
}

/** The key of a purpose. Deriving and importing it takes as long as sealing, so it is kept. */
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
