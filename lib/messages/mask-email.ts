import 'server-only'

/** Longest part of a name or address that a page shows, in characters. */
const MAX_SHOWN = 48

/**
 * Reduces an address to what its owner recognises: the first character and the domain.
 *
 * @param email - `ann@example.com`.
 * @returns `a••@example.com`; only dots if it is not an address.
 */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@')
  if (at < 1) return '•••'
  const [first = ''] = plainText(email.slice(0, at))
  return `${first}••@${plainText(email.slice(at + 1))}`
}

/** Longest address that there is, in characters (RFC 5321, 4.5.3.1). */
const MAX_EMAIL = 320

/**
 * An address as its owner may read it, whole: an address that is cut, or reduced to its first character, looks like another one.
 *
 * @param email - From a token or a provider; invisible characters are left out.
 */
export function wholeEmail(email: string): string {
  return visibleText(email).slice(0, MAX_EMAIL).join('')
}

/** Reduces a user name to its first character. */
export function maskName(name: string): string {
  const [first = ''] = plainText(name)
  return `${first}••`
}

/** Reduces a phone number to its last two digits. */
export function maskPhone(phone: string): string {
  return `••${plainText(phone).slice(-2)}`
}

/**
 * Makes a name safe to look at: without control, direction and zero-width characters, and not too long.
 *
 * @param text - From a token or a provider.
 */
export function plainText(text: string): string {
  const visible = visibleText(text)
  return visible.length > MAX_SHOWN ? `${visible.slice(0, MAX_SHOWN - 1).join('')}…` : visible.join('')
}

/**
 * A name within a sentence: made safe as by {@link plainText}, and between Unicode's isolates, so that a name that is written from right
 * to left does not turn the words around it.
 *
 * @param text - From a token or a provider.
 * @see https://www.unicode.org/reports/tr9/#Explicit_Directional_Isolates
 */
export const isolatedName = (text: string): string => `\u2068${plainText(text)}\u2069`

const visibleText = (text: string): string[] => [...text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '')]
