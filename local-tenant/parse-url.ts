/**
 * Parses an absolute address; undefined if it cannot be parsed. Not by `URL.canParse`, which Node.js 20 and 22 get wrong for letters
 * such as ü after many calls.
 */
export function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text)
  } catch {
    return undefined
  }
}
