import 'server-only'
import { parseUrl } from '../../core/parse-url'
import { isLoopback } from '../config/tenant-domain'
import type { ApplicationClient } from './application-client'
import { MAX_RETURN_TO_LENGTH } from './carried'

/** Why a URL is not accepted as a return link to an application. */
export type RefusedWayBack =
  | 'not_first_party'
  | 'signs_no_one_in'
  | 'too_long'
  | 'bad_character'
  | 'not_absolute'
  | 'user_info'
  | 'bad_path'
  | 'scheme'
  | 'plain_http'
  | 'unregistered'

/** Schemes that run or show the content of the URL itself, or let the device choose what to open. They are never accepted. */
const NEVER = new Set(['javascript', 'data', 'vbscript', 'file', 'blob', 'filesystem', 'about', 'intent'])
/** Characters that browsers drop or read as a slash, and white space at the start or end, which browsers drop too. */
const BAD_CHARACTER = /[\\\p{Cc}\u2028\u2029]|^\s|\s$/u
/** Matches the scheme, the authority if there is one, and the path, as written. */
const PARTS = /^([a-z][a-z0-9+.-]*):(?:\/\/([^/?#]*))?([^?#]*)/i
/** These match a dot segment, and an encoded slash or backslash, even if they are encoded several times. */
const DOTS = /^(?:\.|%(?:25)*2e){1,2}(?:;.*)?$/i
const ENCODED_SLASH = /%(?:25)*(?:2f|5c)/i

/**
 * Decides whether a URL may be shown as a return link to an application. An http(s) URL must have the origin of a URL that
 * is registered at the application; a URL of any other scheme must be registered as a callback itself. The URL is only used
 * as the `href` of a link that a person clicks. We never redirect to it.
 *
 * @param returnTo - The URL from the query of our page, decoded once.
 * @param client - The application, as the tenant returns it now.
 * @param appBaseUrl - Our own origin. A plain http URL is accepted only if both it and our origin are on loopback.
 * @returns `href` of the link, without a fragment; or why the URL is ignored.
 * @see {@link https://cheatsheetseries.owasp.org/cheatsheets/Unvalidated_Redirects_and_Forwards_Cheat_Sheet.html Unvalidated redirects}
 * @see {@link https://url.spec.whatwg.org/ URL Standard}
 */
export function decideWayBack(
  returnTo: string,
  client: ApplicationClient,
  appBaseUrl: string,
): { href: string; ignored?: never } | { href?: never; ignored: RefusedWayBack } {
  if (!client.isFirstParty) return { ignored: 'not_first_party' }
  if (!client.signsPeopleIn) return { ignored: 'signs_no_one_in' }
  if (returnTo.length > MAX_RETURN_TO_LENGTH) return { ignored: 'too_long' }
  if (BAD_CHARACTER.test(returnTo)) return { ignored: 'bad_character' }
  const [, scheme, authority, path = ''] = PARTS.exec(returnTo) ?? []
  const url = parseUrl(returnTo)
  if (scheme === undefined || !url) return { ignored: 'not_absolute' }
  if (NEVER.has(scheme.toLowerCase())) return { ignored: 'scheme' }
  if (authority?.includes('@')) return { ignored: 'user_info' }
  const segments = path.split('/')
  if (path.includes('//') || ENCODED_SLASH.test(path) || segments.some((segment) => DOTS.test(segment)))
    return { ignored: 'bad_path' }
  url.hash = ''
  if (url.protocol === 'https:' || url.protocol === 'http:') {
    // `https:host` and `https:///host` lead to a host that the text does not show.
    if (!authority) return { ignored: 'not_absolute' }
    if (url.protocol === 'http:' && !(isLoopback(url.origin) && isLoopback(appBaseUrl)))
      return { ignored: 'plain_http' }
    return originsOf(client).has(url.origin) ? { href: url.href } : { ignored: 'unregistered' }
  }
  const isRegistered = client.callbacks.includes(returnTo) && !hasPlaceholder(returnTo)
  return isRegistered ? { href: url.href } : { ignored: 'unregistered' }
}

/** The origins of an application's registered URLs. URLs with a placeholder are left out: they may match origins of others. */
function originsOf({ callbacks, logoutUrls, webOrigins, initiateLoginUri }: ApplicationClient): Set<string> {
  const registered = [...callbacks, ...logoutUrls, ...webOrigins, ...initiateLoginUri]
  return new Set(
    registered
      .filter((address) => !hasPlaceholder(address))
      .map((address) => parseUrl(address))
      .filter((url) => url !== undefined)
      .filter(({ protocol, host }) => ['http:', 'https:'].includes(protocol) && !hasPlaceholder(host))
      .map(({ origin }) => origin),
  )
}

const hasPlaceholder = (address: string) => /[*{]/.test(address)
