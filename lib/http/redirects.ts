import 'server-only'
import { appUrl } from '../config/app-url'
import type { Config } from '../config/config'
import { type HeaderSettings, plainHeaders } from './headers'

/**
 * Redirects the browser with a GET (303).
 *
 * @param target - An absolute URL.
 * @param cookies - `Set-Cookie` lines.
 */
export function seeOther(
  settings: HeaderSettings,
  target: string,
  cookies: readonly string[] = [],
): Response {
  return redirect(settings, 303, target, cookies)
}

/**
 * Redirects the browser to one of our own pages with a GET (303).
 *
 * @param path - Begins with a slash.
 * @param query - Query parameters. Parameters that are undefined are left out.
 * @param cookies - `Set-Cookie` lines.
 */
export function redirectToPage(
  settings: HeaderSettings & Pick<Config, 'appBaseUrl'>,
  path: `/${string}`,
  query: Record<string, string | undefined> = {},
  cookies: readonly string[] = [],
): Response {
  return seeOther(settings, appUrl(settings.appBaseUrl, path, query), cookies)
}

/** Redirects the browser with the same POST and body (307). Only `POST /link/finish` does this, to the tenant. */
export function repostTo(
  settings: HeaderSettings,
  target: string,
  cookies: readonly string[] = [],
): Response {
  return redirect(settings, 307, target, cookies)
}

function redirect(
  settings: HeaderSettings,
  status: 303 | 307,
  target: string,
  cookies: readonly string[],
): Response {
  const headers = new Headers({ ...plainHeaders(settings), location: target })
  for (const cookie of cookies) headers.append('set-cookie', cookie)
  return new Response(null, { status, headers })
}
