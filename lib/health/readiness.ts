/**
 * Whether what this service depends on can be reached.
 * @module
 */
import 'server-only'
import { z } from 'zod'
import { config } from '../config/config'
import { linkingClient } from '../oidc/tenant-metadata'
import { memoizeFor } from '../store/memoize-for'
import { store } from '../store/store'

/** How long a finding is kept, in milliseconds: whoever asks more often costs the tenant nothing. */
const READINESS_CACHE_MS = 5_000
/** Longest time that looking takes, in milliseconds. */
const READINESS_TIMEOUT_MS = 2_000
/** Set with each look: a Redis that reads only, or is full, is no store. */
const PROBE_KEY = 'readiness'

/** What is depended on: the tenant's login domain, and Redis where one is configured. */
export type Dependency = 'tenant' | 'redis'

/**
 * Looks what cannot be reached: the tenant's metadata and keys, and Redis. Looks once in five seconds, however many ask,
 * and for two seconds at most.
 *
 * @returns Nothing where all is well. Never fails.
 */
export function findDown(): Promise<Dependency[]> {
  return memoizeFor('readiness', READINESS_CACHE_MS, look)
}

async function look(): Promise<Dependency[]> {
  const checks: [Dependency, () => Promise<unknown>][] = [['tenant', readTenantKeys]]
  if (config().redisUrl !== undefined)
    checks.push(['redis', () => store().set(PROBE_KEY, '', READINESS_CACHE_MS / 1000)])
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

async function readTenantKeys(): Promise<void> {
  const { jwks_uri = '' } = (await linkingClient()).serverMetadata()
  const response = await fetch(jwks_uri, {
    cache: 'no-store',
    redirect: 'error',
    signal: AbortSignal.timeout(READINESS_TIMEOUT_MS),
  })
  Keys.parse(await response.json())
}
