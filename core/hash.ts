/**
 * Short hashes in place of values that should not be readable.
 * @module
 */

/**
 * The first 12 hexadecimal digits of a text's SHA-256: enough to tell the few identities, pairs and values of one user
 * apart. It hides no guessable text.
 *
 * @param text - Any text; hashed as UTF-8.
 */
export const hash12 = (text: string): Promise<string> => hashHex(text, 6)

/**
 * The beginning of the SHA-256 of a text, in hexadecimal.
 *
 * @param text - Any text; hashed as UTF-8.
 * @param bytes - How many bytes of the hash: 16 are unique within a tenant.
 */
export const hashHex = async (text: string, bytes: number): Promise<string> =>
  Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(text))).toString('hex', 0, bytes)
