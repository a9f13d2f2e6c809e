import { createHash } from 'node:crypto'

/**
 * Tells whether two values are the same without keeping either: the first 16 hexadecimal characters of a SHA-256.
 *
 * @param value - A secret, or whatever else was written.
 */
export function fingerprint(value: string): string {
  return createHash('sha256').update(value).digest('hex').slice(0, 16)
}
