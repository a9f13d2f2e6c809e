/**
 * How large all our cookies may be together. By default nginx takes a header line of 8 kB. A browser whose cookies are longer
 * gets 400 for every request, sign-ins included, until they expire.
 * @module
 */
import 'server-only'
import { type CookieSettings, ownCookies, requestCookies, setCookie, type WithHeaders } from './cookies'

/** Bytes of all our cookies in a request: names, values and what is between them. 2 kB are left to other applications. */
const COOKIE_BUDGET_BYTES = 6_000
/** Which of them are deleted first if there is no room; a session never is. */
const FIRST_TO_GO = [/^(?:__Host-)?(?:__)?txn_/, /^(?:__Host-)?connect_/, /^(?:__Host-)?link_/]

/**
 * The `Set-Cookie` lines that make room for others.
 *
 * @param request - What the browser holds now.
 * @param fresh - The `Set-Cookie` lines of the answer so far; what they set stays.
 * @param reserve - Bytes to leave free, because the cookies grow later.
 * @returns Deletions of older cookies of ours: of sign-ins under way first, then of flows of the page, then of those of a login.
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
  // Browsers send the oldest first.
  for (const kind of FIRST_TO_GO)
    for (const name of older)
      if (total > COOKIE_BUDGET_BYTES && kind.test(name)) {
        total -= sizes.get(name) ?? 0
        dropped.push(setCookie(settings, name, '', 0))
      }
  return dropped
}

/** With the equals sign, the semicolon and the space. */
const sizeOf = (name: string, value: string) => Buffer.byteLength(name) + Buffer.byteLength(value) + 3
