/**
 * Reads and writes cookies, with the flags that all our cookies share.
 * @module
 */
import 'server-only'
import type { Config } from '../config/config'

/** Whether cookies are sent over TLS only. */
export type CookieSettings = Pick<Config, 'isSecure'>

/** A cookie of a request. */
export interface RequestCookie {
  name: string
  value: string
}

/** An object to read cookies from: a request, or the headers for which a page is rendered. */
export interface WithHeaders {
  headers: Pick<Headers, 'get'>
}

/** How many of our own cookies are read from one request. A browser that no one has tampered with has at most ten. */
const MAX_OWN_COOKIES = 100

/**
 * Names of all cookies that this application or its session library sets, without the prefix `__Host-`. If you set another
 * one, add its name here: cookies of other names never reach a page, a handler or the library.
 */
const OWN_NAME =
  /^(?:session(?:__\d)?|(?:__)?txn_[\w-]{1,128}|link_[0-9a-f]{16}|connect_[0-9a-f]{16}|console(?:_txn)?|not_me|lang)$/
const PREFIX = '__Host-'

/**
 * The cookies of a request in their order. Duplicates are kept, because they show that another host set a cookie. Only spaces and
 * tabs are removed around a name. Other white space is part of the name: browsers keep it, so another host can set a cookie whose
 * name is one of ours after some other white space.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6265#section-5.2 RFC 6265, section 5.2}
 */
export function requestCookies(request: WithHeaders): RequestCookie[] {
  return parseCookies(request.headers.get('cookie') ?? '')
}

/**
 * The value of a cookie. Undefined if the request does not have it, or has it twice: then another host of the domain set one of them.
 *
 * @param name - The whole name, from {@link cookieName}.
 */
export function soleCookie(request: WithHeaders, name: string): string | undefined {
  const [cookie, ...others] = requestCookies(request).filter((each) => each.name === name)
  return others.length === 0 ? cookie?.value : undefined
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
 * Reduces a `Cookie` header to our own cookies. The session library would also read others: `appSession`, from its earlier
 * versions, and those of features that we do not use. If a cookie other than a flow's comes twice, another host set one of them
 * and we cannot know which, so both are left out.
 *
 * @param header - The header as received.
 * @returns A header with the first hundred of our cookies; empty if there are none.
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
/**
 * Whether a cookie holds a flow. The code that reads flows detects duplicates itself, and deletes cookies that it cannot read.
 */
const isFlowName = (name: string) => /^(?:__Host-)?(?:link|connect)_/.test(name)

/** Removes spaces and tabs at both ends, in linear time. */
function trimBlanks(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isBlank(text[start])) start += 1
  while (end > start && isBlank(text[end - 1])) end -= 1
  return text.slice(start, end)
}
const isBlank = (letter: string | undefined) => letter === ' ' || letter === '\t'

/**
 * A cookie's full name. Over TLS it has the prefix `__Host-`, so that no other host can write the cookie. On loopback without
 * TLS, browsers would refuse the prefix.
 */
export function cookieName({ isSecure }: CookieSettings, name: string): string {
  return isSecure ? `${PREFIX}${name}` : name
}

/**
 * The flags that all our cookies share. `SameSite` is lax, because the browser comes from the tenant by a top-level navigation.
 */
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
 * @param name - A name from {@link cookieName}.
 * @param value - Must hold only characters that a cookie allows.
 * @param maxAge - In seconds; 0 deletes the cookie.
 */
export function setCookie(settings: CookieSettings, name: string, value: string, maxAge: number): string {
  const { path, secure } = cookieFlags(settings)
  // Next.js drops `Max-Age=0` when it adds cookies to a response, but keeps `Expires`. So set both.
  const end = maxAge === 0 ? `Max-Age=0; Expires=${new Date(0).toUTCString()}` : `Max-Age=${maxAge}`
  return `${name}=${value}; Path=${path}; ${end}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`
}
