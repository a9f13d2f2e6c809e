/**
 * The application's cookies in a test's browser, by their full names.
 * @module
 */
import type { Cookie } from 'tough-cookie'
import type { TestBrowser } from './browser'

/**
 * The full name of a cookie of the application.
 *
 * @param app - The application's origin. Over TLS, the names of its cookies begin with `__Host-`.
 * @param name - The name without that prefix.
 */
export const appCookieName = (app: string, name: string): string =>
  app.startsWith('https:') ? `__Host-${name}` : name

/** The application's cookies whose names, without `__Host-`, begin with `prefix`. */
export async function appCookies(browser: TestBrowser, app: string, prefix: string): Promise<Cookie[]> {
  const all = await browser.jar.getCookies(app)
  return all.filter(({ key }) => key.startsWith(appCookieName(app, prefix)))
}

/**
 * Puts a cookie into a browser as the application would.
 *
 * @param name - The full name, as the browser stores it.
 */
export async function putAppCookie(
  browser: TestBrowser,
  app: string,
  name: string,
  value: string,
): Promise<void> {
  const secure = app.startsWith('https:') ? '; Secure' : ''
  await browser.jar.setCookie(`${name}=${value}; Path=/; HttpOnly; SameSite=Lax${secure}`, app)
}
