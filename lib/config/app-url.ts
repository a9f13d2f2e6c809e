import 'server-only'
import { config } from './config'

/**
 * The absolute address of one of our own paths.
 *
 * @param path - Begins with a slash.
 * @param query - Parameters; those that are undefined are left out.
 */
export function appUrl(path: `/${string}`, query: Record<string, string | undefined> = {}): string {
  const url = new URL(path, config().appBaseUrl)
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) url.searchParams.set(name, value)
  return url.href
}
