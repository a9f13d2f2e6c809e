/**
 * The tenant's two cookies: one identifies the browser, the other holds its SSO session.
 * @module
 */
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { Door } from '../model'

/** The two kinds of cookie. */
export type BrowserCookie = 'browser' | 'session'

/**
 * Reads one of the tenant's cookies.
 *
 * @param context - The request.
 * @param door - Cookies ignore ports, so the door's port is part of the cookie's name.
 */
export function readBrowserCookie(context: Context, door: Door, cookie: BrowserCookie): string | undefined {
  const name = nameOf(door, cookie)
  return getCookie(context, name) ?? getCookie(context, `${name}_compat`)
}

/**
 * Sets a cookie twice, as Auth0 does. With a post from another site, browsers send only `SameSite=None` cookies. Those must
 * be `Secure`, which some clients do not accept over plain http, so there is also one without.
 */
export function setBrowserCookie(context: Context, door: Door, cookie: BrowserCookie, value: string): void {
  const name = nameOf(door, cookie)
  setCookie(context, name, value, { path: '/', httpOnly: true, secure: true, sameSite: 'None' })
  setCookie(context, `${name}_compat`, value, { path: '/', httpOnly: true })
}

/** Deletes a cookie in the browser. */
export function clearBrowserCookie(context: Context, door: Door, cookie: BrowserCookie): void {
  const name = nameOf(door, cookie)
  deleteCookie(context, name, { path: '/', secure: true, sameSite: 'None', httpOnly: true })
  deleteCookie(context, `${name}_compat`, { path: '/', httpOnly: true })
}

function nameOf(door: Door, cookie: BrowserCookie): string {
  return `auth0_${cookie}_${new URL(door.origin).port}`
}
