/**
 * Parses an address.
 *
 * Not by `URL.canParse`: after many calls Node.js 20 and 22 compile it, and from then on it answers false for an address with a letter such
 * as ü.
 *
 * @param base - What the address is relative to; without it, only an absolute address can be parsed.
 * @returns Undefined if it cannot be parsed.
 * @see {@link https://url.spec.whatwg.org/#url-parsing URL Standard, URL parsing}
 */
export function parseUrl(text: string, base?: string | URL): URL | undefined {
  try {
    return new URL(text, base)
  } catch {
    return undefined
  }
}
