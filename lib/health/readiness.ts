/**
 * Whether what this service depends on can be reached.
 * @module
 */
import 'server-only'
import { z } from 'zod'
import type { Config } from '../config/config'
import { linkingClient } from '../oidc/tenant-metadata'
import { memoizeFor } from '../store/memoize-for'
import type { Store } from '../store/store-contract'

/** How long a result is cached, in milliseconds: asking more often costs the tenant nothing. */
const READINESS_CACHE_MS = 5_000
/** Longest time that a check takes, in milliseconds. */
const READINESS_TIMEOUT_MS = 2_000
/** Set by each check: a Redis that is read-only or full cannot be a store. */
const PROBE_KEY = 'readiness'

/** What the service depends on: the tenant's login domain, and Redis if one is configured. */
export type Dependency = 'tenant' | 'redis'

/** What is checked. */
export interface ReadinessServices extends Pick<Config, 'linkingClient' | 'auth0Domain' | 'redisUrl'> {
  store: Store
}

/**
 * Finds what cannot be reached: the tenant's metadata and keys, and Redis. Checks once in five seconds at most, and for two
 * seconds at most.
 *
 * @returns An empty list if all is well. Never fails.
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
