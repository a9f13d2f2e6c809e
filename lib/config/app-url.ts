import 'server-only'

/**
 * The absolute URL of one of this app's own paths.
 *
 * @param appBaseUrl - Our own origin, without a slash at the end.
 * @param path - Begins with a slash.
 * @param query - Query parameters. Parameters that are undefined are left out.
 */
export function appUrl(
  appBaseUrl: string,
  path: `/${string}`,
  query: Record<string, string | undefined> = {},
): string {
  const url = new URL(path, appBaseUrl)
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) url.searchParams.set(name, value)
  return url.href
}
