import { createHash } from 'node:crypto'

/**
 * Returns the first 16 hexadecimal characters of a SHA-256. It shows whether two values are the same without keeping
 * either.
 *
 * @param value - A secret, or any other value.
 */
export function fingerprint(value: string): string {
  return createHash('sha256').update(value).digest('hex').slice(0, 16)
}
