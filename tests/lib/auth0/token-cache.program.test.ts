import { setTimeout as sleep } from 'node:timers/promises'
import { createClient } from '@redis/client'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { isClientError } from '@/core/carry-out-link'
import type { TokenCache } from '@/lib/auth0/token-cache'
import type { CacheServices } from '@/lib/store/cached'
import { startRedis } from '../../support/flow/redis'
import { APP_ENVIRONMENT } from '../../support/process/app-environment'
import { forgetProcessMemory } from '../../support/process/process-memory'

const CLIENT = {
  name: 'test',
  origin: 'https://tenant.example.com',
  audience: 'https://tenant.example.com/api/v2/',
  clientId: 'm2m',
  clientSecret: 'a-secret',
}
/** Life of a token, in seconds. */
const LIFE = 1000

const redis = await startRedis()
const other = createClient({ url: redis.url, socket: { reconnectStrategy: false } })
// The connection breaks when a test kills the server.
other.on('error', () => undefined)
afterAll(async () => {
  other.destroy()
  await redis.stop()
})

/** The tenant's token endpoint. It responds after a delay, as a real one does. */
const tenant = vi.fn<() => Promise<Response>>()
let issued = 0

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.stubGlobal('fetch', tenant)
  vi.spyOn(console, 'log').mockImplementation(() => undefined)
  issued = 0
  tenant.mockReset().mockImplementation(async () => {
    await sleep(50)
    return Response.json({ access_token: `canary-${++issued}`, expires_in: LIFE, scope: 'read:users' })
  })
  if (!other.isOpen) await other.connect()
  await other.flushAll()
  forgetProcessMemory('redis-connection')
  await startProcess()
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.unstubAllEnvs()
})

let createTokenCache: typeof import('@/lib/auth0/token-cache').createTokenCache
let shared: CacheServices

/** Starts a process with this environment: it has its own store and its own copy of every module. */
async function startProcess(environment: Record<string, string> = {}): Promise<void> {
  for (const [name, value] of Object.entries({ ...APP_ENVIRONMENT, REDIS_URL: redis.url, ...environment }))
    vi.stubEnv(name, value)
  vi.resetModules()
  createTokenCache = (await import('@/lib/auth0/token-cache')).createTokenCache
  shared = (await import('../../support/process/services')).services()
}

/** The token cache that another process would have. */
const anInstance = (client: Partial<typeof CLIENT> = {}): TokenCache =>
  createTokenCache({ ...CLIENT, ...client }, {}, shared)
const instances = (count: number) => Array.from({ length: count }, () => anInstance())
const tokensOf = async (caches: TokenCache[]) =>
  Promise.all(caches.map(async (cache) => (await cache.token()).value))
const later = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000)
const storedValues = async () => {
  const keys = await other.keys('account-linking:token:*')
  return Promise.all(keys.map((key) => other.get(key)))
}
/** Stops timers, so that no deadline passes on a busy machine. `sleep` still works. */
const timeStandsStill = () =>
  vi.useFakeTimers({ toFake: ['Date', 'performance', 'setTimeout', 'clearTimeout'] })
/** Waits until the store calls Redis again after a failure. */
const pauseIsOver = () => sleep(1100)

describe('a token cache', () => {
  // Without Redis.
  beforeEach(async () => {
    forgetProcessMemory('cached', 'taken')
    await startProcess({ REDIS_URL: '' })
  })

  it('shares one request among simultaneous callers', async () => {
    const cache = anInstance()
    expect(await tokensOf([cache, cache, cache])).toEqual(['canary-1', 'canary-1', 'canary-1'])
    expect(tenant).toHaveBeenCalledTimes(1)
  })

  it('keeps the token in the memory of the process, for every caller', async () => {
    const memory = {}
    const first = await createTokenCache(CLIENT, memory, shared).token()
    forgetProcessMemory('cached')
    expect((await createTokenCache(CLIENT, memory, shared).token()).value).toBe(first.value)
  })

  it.each([
    ['keeps it', LIFE * 0.75 - 1, 'canary-1'],
    ['renews it', LIFE * 0.8 + 1, 'canary-2'],
  ])('%s %d seconds into a life of 1000', async (_what, seconds, expected) => {
    const cache = anInstance()
    await cache.token()
    later(seconds)
    expect((await cache.token()).value).toBe(expected)
  })

  it('requests a token again after a failure', async () => {
    tenant.mockImplementationOnce(async () => new Response('', { status: 503 }))
    const cache = anInstance()
    await expect(cache.token()).rejects.toMatchObject({ code: 'tenant_unreachable', status: 503 })
    expect((await cache.token()).value).toBe('canary-1')
  })

  it.each([200, 400, 401, 403])(
    'does not treat an unreadable token response with status %d as a refusal of the API call',
    async (status) => {
      tenant.mockImplementationOnce(async () => new Response('{"half', { status }))
      const failure = await anInstance()
        .token()
        .catch((error) => error)
      expect([failure.code, isClientError(failure)]).toEqual(['management_failed', false])
    },
  )

  it('requests another token after one was rejected, even if `drop` is not awaited', async () => {
    const cache = anInstance()
    await cache.token()
    void cache.drop('canary-1')
    expect((await cache.token()).value).toBe('canary-2')
    await cache.drop('canary-1')
    expect((await cache.token()).value).toBe('canary-2')
  })
})

describe('token caches that share one Redis', () => {
  it('request one token, however many start at the same time, and all know its scopes', async () => {
    timeStandsStill()
    const caches = instances(200)
    const tokens = await Promise.all(caches.map((cache) => cache.token()))
    expect(tenant).toHaveBeenCalledTimes(1)
    expect(new Set(tokens.map(({ value }) => value))).toEqual(new Set(['canary-1']))
    expect(tokens.every(({ scopes }) => scopes.join() === 'read:users')).toBe(true)
  })

  it('use the stored token if they start later', async () => {
    await anInstance().token()
    expect(await tokensOf(instances(3))).toEqual(['canary-1', 'canary-1', 'canary-1'])
    expect(tenant).toHaveBeenCalledTimes(1)
  })

  it('store the token encrypted, and no longer than its life', async () => {
    await anInstance().token()
    const [value, ...more] = await storedValues()
    expect(more).toEqual([])
    expect(value).toMatch(/^[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+$/)
    const parts = (value ?? '').split('.').map((part) => Buffer.from(part, 'base64url').toString('latin1'))
    expect([value, ...parts].join()).not.toContain('canary')
    const [key = ''] = await other.keys('account-linking:token:*')
    expect(await other.ttl(key)).toBeGreaterThan(0)
    expect(await other.ttl(key)).toBeLessThanOrEqual(LIFE)
    expect(await other.keys('account-linking:lock:*')).toEqual([])
  })

  it('renew the token with one request before it expires, at slightly different times', async () => {
    timeStandsStill()
    const caches = instances(20)
    await tokensOf(caches)
    later(LIFE * 0.75 - 1)
    await tokensOf(caches)
    expect(tenant).toHaveBeenCalledTimes(1)
    later(LIFE * 0.025)
    const midway = await tokensOf(caches)
    expect(new Set(midway)).toEqual(new Set(['canary-1', 'canary-2']))
    later(LIFE * 0.03)
    expect(new Set(await tokensOf(caches))).toEqual(new Set(['canary-2']))
    expect(tenant).toHaveBeenCalledTimes(2)
  })

  it('renew the token once after it was rejected in many processes', async () => {
    timeStandsStill()
    const caches = instances(20)
    await tokensOf(caches)
    await Promise.all(caches.map((cache) => cache.drop('canary-1')))
    expect(await storedValues()).toEqual([])
    expect(new Set(await tokensOf(caches))).toEqual(new Set(['canary-2']))
    expect(tenant).toHaveBeenCalledTimes(2)
  })

  it('do not use a rejected token again, even if it is stored again', async () => {
    const cache = anInstance()
    await cache.token()
    const [stored] = await storedValues()
    const [key = ''] = await other.keys('account-linking:token:*')
    await cache.drop('canary-1')
    await other.set(key, stored ?? '')
    expect((await cache.token()).value).toBe('canary-2')
  })

  it('keep a newer token that another process has stored', async () => {
    const [late, early] = [anInstance(), anInstance()]
    await tokensOf([late, early])
    await early.drop('canary-1')
    await early.token()
    await late.drop('canary-1')
    expect(await storedValues()).toHaveLength(1)
    expect(await tokensOf([late, early])).toEqual(['canary-2', 'canary-2'])
    expect(tenant).toHaveBeenCalledTimes(2)
  })

  it.each([
    ['name', { name: 'linking' }],
    ['domain', { origin: 'https://login.example.com' }],
    ['API', { audience: 'https://login.example.com/api/v2/' }],
    ['client', { clientId: 'linking' }],
  ])('do not share a token between clients with another %s', async (_what, change) => {
    await anInstance().token()
    expect((await anInstance(change).token()).value).toBe('canary-2')
    expect(await storedValues()).toHaveLength(2)
  })

  it('throw the same error if the tenant issues no token', async () => {
    tenant.mockImplementation(async () => new Response('canary', { status: 503 }))
    const errors = await Promise.all(
      instances(5).map((cache) => cache.token().catch((error: Error) => error)),
    )
    for (const error of errors) {
      expect(error).toMatchObject({ name: 'ManagementApiError', code: 'tenant_unreachable' })
      expect(String(error)).not.toContain('canary')
    }
    expect(await storedValues()).toEqual([])
  })

  it('request a token themselves if the process that holds the lock never finishes', async () => {
    const key = await lockKey()
    await other.set(key, 'someone else')
    const started = performance.now()
    expect((await anInstance().token()).value).toBe('canary-1')
    expect(performance.now() - started).toBeLessThan(4500)
    expect(await other.get(key)).toBe('someone else')
  })
})

describe('a token cache after a change of FLOW_SECRET', () => {
  const OLD = APP_ENVIRONMENT.FLOW_SECRET ?? ''
  const NEW = 'another-flow-secret-0123456789abcdef'

  it('reads what was stored with the previous key', async () => {
    await anInstance().token()
    await startProcess({ FLOW_SECRET: NEW, FLOW_SECRET_PREVIOUS: OLD })
    expect((await anInstance().token()).value).toBe('canary-1')
  })

  it('requests another token if it cannot decrypt the stored one', async () => {
    await anInstance().token()
    await startProcess({ FLOW_SECRET: NEW })
    expect(await tokensOf(instances(2))).toEqual(['canary-2', 'canary-2'])
  })
})

describe('token caches whose Redis', () => {
  afterEach(async () => {
    await redis.restart()
  })

  it('is killed keep their tokens, then request their own, and share again later', async () => {
    const caches = instances(3)
    await tokensOf(caches)
    await redis.kill()
    expect(await tokensOf(caches)).toEqual(['canary-1', 'canary-1', 'canary-1'])
    await Promise.all(caches.map((cache) => cache.drop('canary-1')))
    expect((await tokensOf(caches)).sort()).toEqual(['canary-2', 'canary-3', 'canary-4'])
    expect((await tokensOf(instances(1)))[0]).toBe('canary-5')

    await redis.restart()
    await pauseIsOver()
    expect(new Set(await tokensOf(instances(5)))).toEqual(new Set(['canary-6']))
    later(LIFE)
    expect(new Set(await tokensOf(caches))).toEqual(new Set(['canary-7']))
  })

  it('is killed during a request for a token all get one', async () => {
    await anInstance().token()
    await other.flushAll()
    tenant.mockImplementation(async () => {
      await sleep(issued === 1 ? 300 : 10)
      return Response.json({ access_token: `canary-${++issued}`, expires_in: LIFE })
    })
    const asking = tokensOf(instances(10))
    await sleep(150)
    await redis.kill()
    expect(await asking).toHaveLength(10)
  })

  it('hangs lose no more than the deadline of one command', async () => {
    await anInstance().token()
    redis.pause()
    const started = performance.now()
    expect((await anInstance().token()).value).toBe('canary-2')
    expect(performance.now() - started).toBeLessThan(1000)
    redis.resume()
  })
})

/** The key of the lock that a cache takes before it requests a token. */
async function lockKey(): Promise<string> {
  await anInstance().token()
  const [key = ''] = await other.keys('account-linking:token:*')
  await other.flushAll()
  issued = 0
  return key.replace('account-linking:', 'account-linking:lock:')
}
