/**
 * Short names for things that should not stand in the open.
 * @module
 */

/**
 * The first 12 hexadecimal characters of the SHA-256 of a text: enough to tell the handful of identities, pairs and
 * values of one user apart, too little to be turned back.
 *
 * @param text - Any text; hashed as UTF-8.
 */
export const hash12 = (text: string): Promise<string> => hashHex(text, 6)

/**
 * The beginning of the SHA-256 of a text, in hexadecimal.
 *
 * @param text - Any text; hashed as UTF-8.
 * @param bytes - How many bytes of it: 16 tell everything of a tenant apart.
 */
export const hashHex = async (text: string, bytes: number): Promise<string> =>
  Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(text))).toString('hex', 0, bytes)
