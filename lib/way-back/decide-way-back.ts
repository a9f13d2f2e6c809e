import 'server-only'
import { parseUrl } from '../../core/parse-url'
import { isLoopback } from '../config/tenant-domain'
import type { ApplicationClient } from './application-client'
import { MAX_RETURN_TO_LENGTH } from './carried'

/** Why an address is no way back to an application. */
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

/** Schemes that run or show what is in the address itself, or leave it to the device what to open. Nothing allows them. */
const NEVER = new Set(['javascript', 'data', 'vbscript', 'file', 'blob', 'filesystem', 'about', 'intent'])
/** What a browser drops or takes for a slash. The space at either end is dropped as well. */
const BAD_CHARACTER = /[\\\p{Cc}\u2028\u2029]|^\s|\s$/u
/** Scheme, authority if there is one, and path, as they were written. */
const PARTS = /^([a-z][a-z0-9+.-]*):(?:\/\/([^/?#]*))?([^?#]*)/i
/** A dot in a path, and a slash or backslash that is encoded, once or several times over. */
const DOTS = /^(?:\.|%(?:25)*2e){1,2}(?:;.*)?$/i
const ENCODED_SLASH = /%(?:25)*(?:2f|5c)/i

/**
 * Decides whether an address leads back to an application. The application's own registered addresses say so, and nothing else.
 * It is only ever the `href` of a link that a person presses: nothing redirects to it.
 *
 * @param returnTo - As the address of the page gave it, decoded once.
 * @param client - The application, as the tenant has it now.
 * @param appBaseUrl - Our own origin: plain http is for a service on this machine only.
 * @returns `href` to show, without a fragment; or why it is ignored.
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

/** The origins of an application's addresses. One with a placeholder stands for origins that may belong to others. */
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
