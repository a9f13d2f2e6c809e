/**
 * Parses a URL.
 *
 * We do not use `URL.canParse`: Node.js 20 and 22 compile it after many calls, and then it returns false for a URL with a
 * letter such as ü.
 *
 * @param base - Base of a relative URL. Without it, only an absolute URL can be parsed.
 * @returns Undefined if the URL cannot be parsed.
 * @see {@link https://url.spec.whatwg.org/#url-parsing URL Standard, URL parsing}
 */
export function parseUrl(text: string, base?: string | URL): URL | undefined {
  try {
    return new URL(text, base)
  } catch {
    return undefined
  }
}
