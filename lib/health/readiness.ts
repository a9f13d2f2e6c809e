/**
 * Checks whether the service can reach the tenant and Redis.
 * @module
 */
import 'server-only'
import { z } from 'zod'
import type { Config } from '../config/config'
import { linkingClient } from '../oidc/tenant-metadata'
import { memoizeFor } from '../store/memoize-for'
import type { Store } from '../store/store-contract'

/** How long a result is cached, in milliseconds, so that frequent requests to `/readyz` do not load the tenant. */
const READINESS_CACHE_MS = 5_000
/** Longest time that a check takes, in milliseconds. */
const READINESS_TIMEOUT_MS = 2_000
/** The key that each check writes. A mere read would not notice that Redis is read-only or full. */
const PROBE_KEY = 'readiness'

/** What the service depends on: the tenant's login domain, and Redis if one is configured. */
export type Dependency = 'tenant' | 'redis'

/** What the check needs. */
export interface ReadinessServices extends Pick<Config, 'linkingClient' | 'auth0Domain' | 'redisUrl'> {
  store: Store
}

/**
 * Lists the dependencies that cannot be reached: the tenant, with its metadata and signing keys, and Redis. It checks at most
 * once in five seconds, and a check takes at most two seconds.
 *
 * @returns An empty list if all can be reached. The promise never rejects.
 */
export function findDown(services: ReadinessServices): Promise<Dependency[]> {
  return memoizeFor('readiness', READINESS_CACHE_MS, () => check(services))
}

async function check({ store, redisUrl, ...settings }: ReadinessServices): Promise<Dependency[]> {
  const checks: [Dependency, () => Promise<unknown>][] = [['tenant', () => readTenantKeys(settings)]]
  if (redisUrl !== undefined)
    checks.push(['redis', () => store.set(PROBE_KEY, '', READINESS_CACHE_MS / 1000)])
  const isUp = await Promise.all(checks.map(([, check]) => succeeds(check)))
  return checks.filter((_check, index) => !isUp[index]).map(([name]) => name)
}

async function succeeds(check: () => Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, READINESS_TIMEOUT_MS, false)
  })
  try {
    return await Promise.race([check().then(() => true), tooLate])
  } catch {
    return false
  } finally {
    clearTimeout(timer)
  }
}

const Keys = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).min(1) })

async function readTenantKeys({
  linkingClient: client,
  auth0Domain,
}: Pick<Config, 'linkingClient' | 'auth0Domain'>): Promise<void> {
  const { jwks_uri = '' } = (await linkingClient(client, auth0Domain)).serverMetadata()
  const response = await fetch(jwks_uri, {
    cache: 'no-store',
    redirect: 'error',
    signal: AbortSignal.timeout(READINESS_TIMEOUT_MS),
  })
  Keys.parse(await response.json())
}
