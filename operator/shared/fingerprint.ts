import { createHash } from 'node:crypto'

/**
 * Returns the first 16 hexadecimal characters of a value's SHA-256. Fingerprints show whether two values are the same
 * without storing the values.
 *
 * @param value - A secret, or any other value.
 */
export function fingerprint(value: string): string {
  return createHash('sha256').update(value).digest('hex').slice(0, 16)
}
