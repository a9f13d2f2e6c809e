/**
 * Reading and writing cookies, with the flags that all of ours share.
 * @module
 */
import 'server-only'
import type { Config } from '../config/config'

/** Whether cookies are sent over TLS only. */
export type CookieSettings = Pick<Config, 'isSecure'>

/** A cookie as the request brings it. */
export interface RequestCookie {
  name: string
  value: string
}

/** What cookies are read from: a request, or the headers that a page is rendered for. */
export interface WithHeaders {
  headers: Pick<Headers, 'get'>
}

/** Cookies of ours that are read from one request. A browser that no one tampered with has ten at most. */
const MAX_OWN_COOKIES = 100

/**
 * Names of all cookies that this application or its session library sets, without the prefix. If you set
 * another one, add its name here: cookies of other names never reach a page, a handler or the library.
 */
const OWN_NAME =
  /^(?:session(?:__\d)?|(?:__)?txn_[\w-]{1,128}|link_[0-9a-f]{16}|connect_[0-9a-f]{16}|not_me|lang)$/
const PREFIX = '__Host-'

/**
 * The request's cookies in order, including duplicates: a duplicate is a sign that another host set a cookie. Only spaces and
 * tabs around a name do not belong to it. Browsers keep every other character, so another host can set a cookie whose name
 * is one of ours with other white space before it.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6265#section-5.2 RFC 6265, section 5.2}
 */
export function requestCookies(request: WithHeaders): RequestCookie[] {
  return parseCookies(request.headers.get('cookie') ?? '')
}

function parseCookies(header: string): RequestCookie[] {
  return header.split(';').flatMap((pair) => {
    const equals = pair.indexOf('=')
    return equals < 1
      ? []
      : [{ name: trimBlanks(pair.slice(0, equals)), value: trimBlanks(pair.slice(equals + 1)) }]
  })
}

/**
 * The part of a `Cookie` header that is ours. The session library would read other cookies, too: those of its earlier versions,
 * `appSession`, and of features that are not used here. If a session cookie comes twice, another host set one of them, and we
 * cannot know which one: neither counts.
 *
 * @param header - As it came.
 * @returns The header with the first hundred cookies that have our names; empty if there is none.
 */
export function ownCookies(header: string): string {
  const own = parseCookies(header).filter(({ name }) => isOwnName(name))
  const times = new Map<string, number>()
  for (const { name } of own) times.set(name, (times.get(name) ?? 0) + 1)
  return own
    .filter(({ name }) => times.get(name) === 1 || isFlowName(name))
    .slice(0, MAX_OWN_COOKIES)
    .map(({ name, value }) => `${name}=${value}`)
    .join('; ')
}

const isOwnName = (name: string) => OWN_NAME.test(name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name)
/** The readers of flows detect duplicates themselves, and delete what they cannot read. */
const isFlowName = (name: string) => /^(?:__Host-)?(?:link|connect)_/.test(name)

/** Without spaces and tabs at both ends, in time that grows with the length only. */
function trimBlanks(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isBlank(text[start])) start += 1
  while (end > start && isBlank(text[end - 1])) end -= 1
  return text.slice(start, end)
}
const isBlank = (letter: string | undefined) => letter === ' ' || letter === '\t'

/** A cookie's full name. Over TLS the prefix keeps other hosts from writing it; on loopback without TLS it is impossible. */
export function cookieName({ isSecure }: CookieSettings, name: string): string {
  return isSecure ? `${PREFIX}${name}` : name
}

/** The flags that all of our cookies share. Lax, since the browser arrives from the tenant by top-level navigation. */
export function cookieFlags({ isSecure }: CookieSettings): {
  path: '/'
  httpOnly: true
  sameSite: 'lax'
  secure: boolean
} {
  return { path: '/', httpOnly: true, sameSite: 'lax', secure: isSecure }
}

/**
 * A `Set-Cookie` line.
 *
 * @param name - As {@link cookieName} gives it.
 * @param value - Without characters that a cookie cannot hold.
 * @param maxAge - Seconds; 0 deletes.
 */
export function setCookie(settings: CookieSettings, name: string, value: string, maxAge: number): string {
  const { path, secure } = cookieFlags(settings)
  // Next.js loses `Max-Age=0` when it adds cookies to an answer, and keeps a date.
  const end = maxAge === 0 ? `Max-Age=0; Expires=${new Date(0).toUTCString()}` : `Max-Age=${maxAge}`
  return `${name}=${value}; Path=${path}; ${end}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`
}
