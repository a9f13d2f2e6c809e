/**
 * Parses an absolute URL. Returns undefined if the text is not one. Does not use `URL.canParse`: after many calls, Node.js
 * 20 and 22 return a wrong result for letters such as ü.
 */
export function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text)
  } catch {
    return undefined
  }
}
