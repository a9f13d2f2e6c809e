import 'server-only'
import { parseUrl } from '../../core/parse-url'

/**
 * Whether a value is the URL of a Redis server: a scheme and a host, and optionally a user and a password (percent-encoded), a
 * port and a database number.
 *
 * @see {@link https://www.iana.org/assignments/uri-schemes/prov/redis The redis scheme}
 */
export function isRedisUrl(value: string): boolean {
  const url = parseUrl(value)
  if (!url) return false
  const { protocol, hostname, username, password, pathname } = url
  if (!/^rediss?:$/.test(protocol) || hostname === '' || !/^(\/\d*)?$/.test(pathname)) return false
  try {
    return decodeURIComponent(username + password) !== undefined
  } catch {
    return false
  }
}
