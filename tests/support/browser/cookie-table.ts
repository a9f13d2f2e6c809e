/**
 * Checks that every `Set-Cookie` line that a test receives is as promised in `docs/reference/http.md#cookies`.
 * @module
 */

/** Names of the application's cookies without `__Host-`. The session library splits a long session into numbered cookies. */
const OURS =
  /^(link_[0-9a-f]{16}|connect_[0-9a-f]{16}|session(__\d+)?|txn_[\w-]+|console(_txn)?|not_me|lang)$/
/** Cookies of the local tenant and of the other application. */
const OF_OTHERS = /^(auth0_|login_)/

/**
 * Checks one line, whether it sets or deletes a cookie.
 *
 * @param line - The value of a `Set-Cookie` header.
 * @param url - URL of the response.
 * @throws {Error} An error that names the cookie and what it lacks. Over TLS, browsers refuse a `__Host-` cookie that lacks
 *   any of that, even if the line deletes the cookie.
 * @see {@link https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#section-4.1.3.2 RFC 6265bis,
 * "__Host-"}
 */
export function checkCookieLine(line: string, url: URL): void {
  const [pair = '', ...attributes] = line.split(/;\s*/)
  const name = pair.slice(0, pair.indexOf('='))
  if (OF_OTHERS.test(name)) return
  const isSecure = url.protocol === 'https:'
  const [prefix, own] = isSecure
    ? ['__Host-', name.replace(/^__Host-/, '')]
    : ['', name.replace(/^__txn_/, 'txn_')]
  const flags = attributes.map((attribute) => attribute.toLowerCase())
  const wrong = [
    ...(OURS.test(own) ? [] : ['a name of the table']),
    ...(name.startsWith(prefix) ? [] : ['the prefix __Host-']),
    ...['path=/', 'httponly', 'samesite=lax', ...(isSecure ? ['secure'] : [])].filter(
      (flag) => !flags.includes(flag),
    ),
    ...(flags.some((flag) => /^(max-age|expires)=/.test(flag)) ? [] : ['an expiry']),
    ...(flags.some((flag) => flag.startsWith('domain=')) ? ['no domain'] : []),
  ]
  if (wrong.length > 0)
    throw new Error(
      `${url.pathname} set the cookie ${name} without ${wrong.join(', ')}: ${attributes.join('; ')}`,
    )
}
