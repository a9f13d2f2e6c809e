/**
 * Limits the total size of our cookies. By default nginx accepts header lines up to 8 kB. A browser with longer cookies would get
 * 400 for every request, sign-ins included, until the cookies expire.
 * @module
 */
import 'server-only'
import { type CookieSettings, ownCookies, requestCookies, setCookie, type WithHeaders } from './cookies'

/** Most bytes of all our cookies in a request: names, values and separators. It leaves 2 kB to other applications. */
const COOKIE_BUDGET_BYTES = 6_000
/** The names of cookies that may be deleted to make room, in the order of deletion. The session cookie is never deleted. */
const FIRST_TO_GO = [
  /^(?:__Host-)?(?:(?:__)?txn_|console_txn$|not_me$)/,
  /^(?:__Host-)?connect_/,
  /^(?:__Host-)?link_/,
]

/**
 * The `Set-Cookie` lines that delete older cookies of ours to make room for new ones.
 *
 * @param request - A request with the cookies that the browser holds now.
 * @param fresh - The `Set-Cookie` lines of the response so far. The cookies that they set are kept.
 * @param reserve - Bytes to leave free, because the new cookies grow later.
 * @returns The deletions: first of sign-ins and reports under way, then of flows of the settings page, then of flows of a login.
 */
export function roomFor(
  settings: CookieSettings,
  { headers }: WithHeaders,
  fresh: readonly string[],
  reserve = 0,
): string[] {
  const held = requestCookies({
    headers: new Headers({ cookie: ownCookies(headers.get('cookie') ?? '') }),
  })
  const sizes = new Map(held.map(({ name, value }) => [name, sizeOf(name, value)]))
  const older = new Set(sizes.keys())
  for (const line of fresh) {
    const [pair = ''] = line.split(';', 1)
    const equals = pair.indexOf('=')
    const [name, value] = [pair.slice(0, equals), pair.slice(equals + 1)]
    older.delete(name)
    if (value === '') sizes.delete(name)
    else sizes.set(name, sizeOf(name, value))
  }
  const dropped: string[] = []
  let total = [...sizes.values()].reduce((sum, size) => sum + size, reserve)
  // Browsers send the oldest cookies first, so these are deleted first.
  for (const kind of FIRST_TO_GO)
    for (const name of older)
      if (total > COOKIE_BUDGET_BYTES && kind.test(name)) {
        total -= sizes.get(name) ?? 0
        dropped.push(setCookie(settings, name, '', 0))
      }
  return dropped
}

/** The bytes that a cookie takes in the header, with the equals sign, the semicolon and the space. */
const sizeOf = (name: string, value: string) => Buffer.byteLength(name) + Buffer.byteLength(value) + 3
