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
 * @param door - The tenant's domain. Cookies ignore ports, so the domain's port is part of the cookie's name.
 */
export function readBrowserCookie(context: Context, door: Door, cookie: BrowserCookie): string | undefined {
  const name = nameOf(door, cookie)
  return getCookie(context, name) ?? getCookie(context, `${name}_compat`)
}

/**
 * Sets a cookie twice, as Auth0 does. With a POST request from another site, browsers send only cookies with
 * `SameSite=None`, and these must be `Secure`. Some clients do not accept `Secure` cookies over plain http, so there is a
 * second cookie without both attributes.
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
