import type { PostLoginApi } from './auth0'
import type { Settings } from './settings'
import { timeLimit } from './time'

const KEY = 'account_linking_health'

/**
 * Whether the linking service is up and offers links at present. A person who is sent to a service that is down loses the
 * login, so no response within a second counts as no. The result is cached for 30 s.
 *
 * @param settings - The settings, with the service's URL.
 * @param cache - `api.cache`.
 * @param deadline - Milliseconds since the epoch.
 */
export async function isServiceReady(
  settings: Settings,
  cache: PostLoginApi['cache'],
  deadline: number,
): Promise<boolean> {
  const known = cache.get(KEY)?.value
  if (known) return known === 'true'
  const isOffering = await fetch(new URL('/healthz', settings.ACCOUNT_LINKING_SERVICE_URL), {
    signal: timeLimit(1_000, deadline),
  })
    .then((response) => response.json())
    .then(({ offer }) => offer === true)
    .catch(() => false)
  cache.set(KEY, `${isOffering}`, { ttl: 30_000 })
  return isOffering
}
