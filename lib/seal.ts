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
  bytes: Uint8Array
}

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
  const key = deriveKey(config().flowSecret.current, purpose)
  const plain = new TextEncoder().encode(JSON.stringify([deadline, value]))
  return new CompactEncrypt(plain)
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: key.id })
    .encrypt(key.bytes)
}

/**
 * Opens a sealed value, also one sealed with the previous secret.
 *
 * @returns The value, or undefined where it is not ours, of another purpose, altered or past its end.
 */
export async function unseal(purpose: string, sealed: string): Promise<unknown> {
  const { current, previous } = config().flowSecret
  const keys = [current, previous].flatMap((secret) => (secret ? [deriveKey(secret, purpose)] : []))
  try {
    const { plaintext } = await compactDecrypt(
      sealed,
      ({ kid }) => {
        const key = keys.find(({ id }) => id === kid)
        if (!key) throw new Error('unknown key')
        return key.bytes
      },
      { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] },
    )
    const [deadline, value] = JSON.parse(new TextDecoder().decode(plaintext)) as [number, unknown]
    return deadline > Date.now() / 1000 ? value : undefined
  } catch {
    return undefined
  }
}

function deriveKey(secret: string, purpose: string): SealingKey {
  const bytes = new Uint8Array(hkdfSync('sha256', secret, '', `account-linking ${purpose}`, 32))
  return { bytes, id: createHash('sha256').update(bytes).digest('base64url').slice(0, 8) }
}
