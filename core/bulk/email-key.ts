/**
 * Which addresses count as one when duplicates are looked for.
 * @module
 */
import { normalizeEmail } from '../identity'

/** The white space of JSON and XML, which some identity providers leave around an address. */
const SPACE_AROUND = /^[ \t\r\n]+|[ \t\r\n]+$/g

/**
 * The longest address that mail can reach, in bytes.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1.3 RFC 5321, 4.5.3.1.3: 256 with the angle brackets}
 */
const MAX_BYTES = 254

/** Why an account is in no group, or that it may be in one. */
export type EmailKind = 'address' | 'none' | 'over_long'

/**
 * The address without white space around it and with small letters for A to Z. Nothing else is made equal: dots, plus tags and
 * letters beyond ASCII may tell two people apart.
 *
 * @param email - As the tenant has it.
 */
export const emailKey = (email: unknown): string =>
  typeof email === 'string' ? normalizeEmail(email.replaceAll(SPACE_AROUND, '')) : ''

/** Whether {@link emailKey} gives an address by which accounts are grouped. */
export const kindOfEmail = (key: string): EmailKind =>
  key === '' ? 'none' : Buffer.byteLength(key) > MAX_BYTES ? 'over_long' : 'address'
