import 'server-only'

/** Longest name, or part of an email address, that a page shows, in characters. */
const MAX_SHOWN = 48

/**
 * Masks an email address so that only its owner recognizes it: the first character and the domain stay.
 *
 * @param email - `ann@example.com`.
 * @returns `a••@example.com`; only dots if the text is not an email address.
 */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@')
  if (at < 1) return '•••'
  const [first = ''] = plainText(email.slice(0, at))
  return `${first}••@${plainText(email.slice(at + 1))}`
}

/** Longest possible email address, in characters (RFC 5321, 4.5.3.1). */
const MAX_EMAIL = 320

/**
 * The whole email address, for its owner. A shortened or masked address could be mistaken for another one.
 *
 * @param email - From a token or a provider. Invisible characters are removed.
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
 * Makes a name safe to show: removes control, direction and zero-width characters, and shortens it to {@link MAX_SHOWN}
 * characters.
 *
 * @param text - From a token or a provider.
 */
export function plainText(text: string): string {
  const visible = visibleText(text)
  return visible.length > MAX_SHOWN ? `${visible.slice(0, MAX_SHOWN - 1).join('')}…` : visible.join('')
}

/**
 * Makes a name safe within a sentence. It is cleaned by {@link plainText} and put between Unicode's direction isolates, so that a
 * right-to-left name does not change the direction of the words around it.
 *
 * @param text - From a token or a provider.
 * @see https://www.unicode.org/reports/tr9/#Explicit_Directional_Isolates
 */
export const isolatedName = (text: string): string => `\u2068${plainText(text)}\u2069`

const visibleText = (text: string): string[] => [...text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '')]
