/**
 * Reading and writing cookies, with the flags that all of ours share.
 * @module
 */
import 'server-only'
import { config } from '../config'

/** A cookie as the request brings it. */
export interface RequestCookie {
  name: string
  value: string
}

/** What cookies are read from: a request, or the headers that a page is rendered for. */
export interface WithHeaders {
  headers: Pick<Headers, 'get'>
}

/** The request's cookies in order, doubles included: a double is a sign of a cookie tossed in by another host. */
export function requestCookies(request: WithHeaders): RequestCookie[] {
  return (request.headers.get('cookie') ?? '').split(';').flatMap((pair) => {
    const equals = pair.indexOf('=')
    return equals < 1 ? [] : [{ name: pair.slice(0, equals).trim(), value: pair.slice(equals + 1).trim() }]
  })
}

/** A cookie's full name. Over TLS the prefix keeps any other host from writing it; plain-http loopback cannot have it. */
export function cookieName(name: string): string {
  return config().isSecure ? `__Host-${name}` : name
}

/** The flags that all of our cookies share. Lax, since the browser arrives from the tenant by top-level navigation. */
export function cookieFlags(): { path: '/'; httpOnly: true; sameSite: 'lax'; secure: boolean } {
  return { path: '/', httpOnly: true, sameSite: 'lax', secure: config().isSecure }
}

/**
 * A `Set-Cookie` line.
 *
 * @param name - As {@link cookieName} gives it.
 * @param value - Without characters that a cookie cannot hold.
 * @param maxAge - Seconds; 0 deletes.
 */
export function setCookie(name: string, value: string, maxAge: number): string {
  const { path, secure } = cookieFlags()
  // Next.js loses `Max-Age=0` when it adds cookies to an answer, and keeps a date.
  const end = maxAge === 0 ? `Max-Age=0; Expires=${new Date(0).toUTCString()}` : `Max-Age=${maxAge}`
  return `${name}=${value}; Path=${path}; ${end}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`
}
