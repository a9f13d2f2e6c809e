/**
 * The two cookies of a browser at a tenant: which browser it is, and its SSO session.
 * @module
 */
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { Door } from '../model'

/** What a cookie is for. */
export type BrowserCookie = 'browser' | 'session'

/**
 * Reads a cookie of this tenant.
 *
 * @param context - The request.
 * @param door - Cookies know no ports, so their names hold the door's.
 */
export function readBrowserCookie(context: Context, door: Door, cookie: BrowserCookie): string | undefined {
  const name = nameOf(door, cookie)
  return getCookie(context, name) ?? getCookie(context, `${name}_compat`)
}

/**
 * Sets a cookie, twice as Auth0 does: a post from another site brings along only `SameSite=None`, which has to be
 * `Secure`, which not every client accepts from plain http.
 */
export function setBrowserCookie(context: Context, door: Door, cookie: BrowserCookie, value: string): void {
  const name = nameOf(door, cookie)
  setCookie(context, name, value, { path: '/', httpOnly: true, secure: true, sameSite: 'None' })
  setCookie(context, `${name}_compat`, value, { path: '/', httpOnly: true })
}

/** Makes the browser forget a cookie. */
export function clearBrowserCookie(context: Context, door: Door, cookie: BrowserCookie): void {
  const name = nameOf(door, cookie)
  deleteCookie(context, name, { path: '/', secure: true, sameSite: 'None', httpOnly: true })
  deleteCookie(context, `${name}_compat`, { path: '/', httpOnly: true })
}

function nameOf(door: Door, cookie: BrowserCookie): string {
  return `auth0_${cookie}_${new URL(door.origin).port}`
}
