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
/** Seconds; of a token. */
const LIFE = 1000

const redis = await startRedis()
const other = createClient({ url: redis.url, socket: { reconnectStrategy: false } })
// It is killed with its server.
other.on('error', () => undefined)
afterAll(async () => {
  other.destroy()
  await redis.stop()
})

/** Asked for a token; answers after a while, as a tenant does. */
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

/** Starts a process with an environment: with its own store, and its own copy of every module. */
async function startProcess(environment: Record<string, string> = {}): Promise<void> {
  for (const [name, value] of Object.entries({ ...APP_ENVIRONMENT, REDIS_URL: redis.url, ...environment }))
    vi.stubEnv(name, value)
  vi.resetModules()
  createTokenCache = (await import('@/lib/auth0/token-cache')).createTokenCache
  shared = (await import('../../support/process/services')).services()
}

/** What a process of its own would have. */
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
/** No deadline passes, however busy the machine is; what is waited for by `sleep` goes on. */
const timeStandsStill = () =>
  vi.useFakeTimers({ toFake: ['Date', 'performance', 'setTimeout', 'clearTimeout'] })
/** Until Redis is asked again after a failure. */
const pauseIsOver = () => sleep(1100)

describe('a token cache', () => {
  // Without Redis.
  beforeEach(async () => {
    forgetProcessMemory('cached', 'taken')
    await startProcess({ REDIS_URL: '' })
  })

  it('shares one request among callers that arrive together', async () => {
    const cache = anInstance()
    expect(await tokensOf([cache, cache, cache])).toEqual(['canary-1', 'canary-1', 'canary-1'])
    expect(tenant).toHaveBeenCalledTimes(1)
  })

  it('keeps the token for the process, for every caller', async () => {
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

  it('asks again after a failure', async () => {
    tenant.mockImplementationOnce(async () => new Response('', { status: 503 }))
    const cache = anInstance()
    await expect(cache.token()).rejects.toMatchObject({ code: 'tenant_unreachable', status: 503 })
    expect((await cache.token()).value).toBe('canary-1')
  })

  it.each([200, 400, 401, 403])(
    'fails as no call that the tenant refused if it is answered with %d',
    async (status) => {
      tenant.mockImplementationOnce(async () => new Response('{"half', { status }))
      const failure = await anInstance()
        .token()
        .catch((error) => error)
      expect([failure.code, isClientError(failure)]).toEqual(['management_failed', false])
    },
  )

  it('gets another token after one was refused, whether or not the dropping is waited for', async () => {
    const cache = anInstance()
    await cache.token()
    void cache.drop('canary-1')
    expect((await cache.token()).value).toBe('canary-2')
    await cache.drop('canary-1')
    expect((await cache.token()).value).toBe('canary-2')
  })
})

describe('token caches over one Redis', () => {
  it('ask for one token, however many start at once, and all have its scopes', async () => {
    timeStandsStill()
    const caches = instances(200)
    const tokens = await Promise.all(caches.map((cache) => cache.token()))
    expect(tenant).toHaveBeenCalledTimes(1)
    expect(new Set(tokens.map(({ value }) => value))).toEqual(new Set(['canary-1']))
    expect(tokens.every(({ scopes }) => scopes.join() === 'read:users')).toBe(true)
  })

  it('have their token from the others when they start later', async () => {
    await anInstance().token()
    expect(await tokensOf(instances(3))).toEqual(['canary-1', 'canary-1', 'canary-1'])
    expect(tenant).toHaveBeenCalledTimes(1)
  })

  it('leave nothing readable in Redis, and nothing beyond the life of the token', async () => {
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

  it('renew it with one request, before it runs out and not all at the same time', async () => {
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

  it('renew it once after it was refused, however many were', async () => {
    timeStandsStill()
    const caches = instances(20)
    await tokensOf(caches)
    await Promise.all(caches.map((cache) => cache.drop('canary-1')))
    expect(await storedValues()).toEqual([])
    expect(new Set(await tokensOf(caches))).toEqual(new Set(['canary-2']))
    expect(tenant).toHaveBeenCalledTimes(2)
  })

  it('do not take a refused token again from one that still offers it', async () => {
    const cache = anInstance()
    await cache.token()
    const [stored] = await storedValues()
    const [key = ''] = await other.keys('account-linking:token:*')
    await cache.drop('canary-1')
    await other.set(key, stored ?? '')
    expect((await cache.token()).value).toBe('canary-2')
  })

  it('keep a newer token that another one has put there', async () => {
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
  ])('never share between clients of another %s', async (_what, change) => {
    await anInstance().token()
    expect((await anInstance(change).token()).value).toBe('canary-2')
    expect(await storedValues()).toHaveLength(2)
  })

  it('throw the same error if the tenant gives no token', async () => {
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

  it('ask for themselves if another one asks and never comes to an end', async () => {
    const key = await lockKey()
    await other.set(key, 'someone else')
    const started = performance.now()
    expect((await anInstance().token()).value).toBe('canary-1')
    expect(performance.now() - started).toBeLessThan(4500)
    expect(await other.get(key)).toBe('someone else')
  })
})

describe('a token cache whose key is changed', () => {
  const OLD = APP_ENVIRONMENT.FLOW_SECRET ?? ''
  const NEW = 'another-flow-secret-0123456789abcdef'

  it('still reads what was stored with the key before', async () => {
    await anInstance().token()
    await startProcess({ FLOW_SECRET: NEW, FLOW_SECRET_PREVIOUS: OLD })
    expect((await anInstance().token()).value).toBe('canary-1')
  })

  it('asks for another token if it cannot read what is stored', async () => {
    await anInstance().token()
    await startProcess({ FLOW_SECRET: NEW })
    expect(await tokensOf(instances(2))).toEqual(['canary-2', 'canary-2'])
  })
})

describe('token caches whose Redis', () => {
  afterEach(async () => {
    await redis.restart()
  })

  it('is killed go on with what they have, fall back to tokens of their own, and share again later', async () => {
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

  it('is killed while they wait for one of them all get a token', async () => {
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

  it('hangs lose no more than its deadline', async () => {
    await anInstance().token()
    redis.pause()
    const started = performance.now()
    expect((await anInstance().token()).value).toBe('canary-2')
    expect(performance.now() - started).toBeLessThan(1000)
    redis.resume()
  })
})

/** The lock that a cache takes before it asks. */
async function lockKey(): Promise<string> {
  await anInstance().token()
  const [key = ''] = await other.keys('account-linking:token:*')
  await other.flushAll()
  issued = 0
  return key.replace('account-linking:', 'account-linking:lock:')
}
