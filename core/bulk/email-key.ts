/**
 * Decides which email addresses count as the same when duplicates are looked for.
 * @module
 */
import { normalizeEmail } from '../identity'

/** The white space of JSON and XML, which some identity providers leave around an email address. */
const SPACE_AROUND = /^[ \t\r\n]+|[ \t\r\n]+$/g

/**
 * The longest email address that can receive mail, in bytes.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1.3 RFC 5321, 4.5.3.1.3: 256 with the angle brackets}
 */
const MAX_BYTES = 254

/** Whether an account can be grouped by its email address (`address`), or why it cannot. */
export type EmailKind = 'address' | 'none' | 'over_long'

/**
 * The email address without white space around it, and with A to Z in lower case. Nothing else is normalized: dots, plus tags
 * and letters beyond ASCII may tell two people apart.
 *
 * @param email - The user's `email` as the tenant has it.
 */
export const emailKey = (email: unknown): string =>
  typeof email === 'string' ? normalizeEmail(email.replaceAll(SPACE_AROUND, '')) : ''

/** Classifies a result of {@link emailKey}. Accounts are grouped only if it is `address`. */
export const kindOfEmail = (key: string): EmailKind =>
  key === '' ? 'none' : Buffer.byteLength(key) > MAX_BYTES ? 'over_long' : 'address'
