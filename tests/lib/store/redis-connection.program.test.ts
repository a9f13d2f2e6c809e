import { createClient } from '@redis/client'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createStore } from '@/lib/store/store'
import type { Store } from '@/lib/store/store-contract'
import { startRedis } from '../../support/flow/redis'
import { forgetProcessMemory } from '../../support/process/process-memory'

const PASSWORD = 'canary: p@ss/word'
/** Milliseconds: the deadline of a command. `TOLERANCE` is what a busy machine may add. */
const DEADLINE = 500
const TOLERANCE = 300

const redis = await startRedis()
const guarded = await startRedis(['--requirepass', PASSWORD])
const full = await startRedis(['--maxmemory', '1'])
afterAll(() => Promise.all([redis.stop(), guarded.stop(), full.stop()]))

let logged: Record<string, unknown>[] = []
const events = () => logged.map(({ event }) => event)

beforeEach(() => {
  logged = []
  for (const name of ['log', 'error', 'warn'] as const)
    vi.spyOn(console, name).mockImplementation((line: string) => {
      const entry = JSON.parse(line)
      // Without what a queue logs that another test file has left in this process.
      if (!/^jobs_/.test(entry.event)) logged.push(entry)
    })
})
afterEach(() => {
  vi.unstubAllEnvs()
  vi.useRealTimers()
})

/** Creates the store of a process that has just started. */
async function start(url: string): Promise<Store> {
  forgetProcessMemory('redis-connection')
  return createStore(url)
}

async function timed(work: Promise<unknown>): Promise<{ code: unknown; milliseconds: number }> {
  const started = performance.now()
  const code = await work.then(
    () => 'ok',
    (error: { code?: unknown }) => error.code,
  )
  return { code, milliseconds: performance.now() - started }
}

const working = (store: Store) =>
  vi.waitFor(async () => expect(await store.get('test:any')).toBeUndefined(), {
    timeout: 5000,
    interval: 50,
  })
const down = { code: 'store_unavailable', milliseconds: expect.toSatisfy((value: number) => value < 100) }

describe('a Redis server that is killed', () => {
  it('makes commands fail immediately, and serves the same process again after a restart', async () => {
    const store = await start(redis.url)
    expect(await store.take('test:killed', 60)).toBe(true)
    await redis.kill()
    for (let count = 0; count < 3; count += 1) expect(await timed(store.isTaken('test:killed'))).toEqual(down)
    await redis.restart()
    await working(store)
    expect(await store.isTaken('test:killed')).toBe(false)
    expect(logged).toEqual([
      expect.objectContaining({ event: 'store_lost', cause: 'ECONNREFUSED' }),
      expect.objectContaining({ event: 'store_back' }),
    ])
  })

  it('makes pending commands fail, which are never repeated', async () => {
    const store = await start(redis.url)
    await working(store)
    redis.pause()
    const asked = [store.take('test:meanwhile', 60), store.get('test:meanwhile')].map(timed)
    await redis.kill()
    expect(await Promise.all(asked)).toEqual([down, down])
    await redis.restart()
    await working(store)
    expect(await store.isTaken('test:meanwhile')).toBe(false)
    expect(events()).toEqual(['store_lost', 'store_back'])
  })

  it('does not block a process that starts meanwhile', async () => {
    await redis.kill()
    const store = await start(redis.url)
    expect((await timed(store.get('test:any'))).code).toBe('store_unavailable')
    await redis.restart()
    await working(store)
  })
})

describe('a Redis server that hangs', () => {
  afterEach(redis.resume)

  it('delays simultaneous requests by the deadline once, and later ones not at all', async () => {
    const store = await start(redis.url)
    await working(store)
    redis.pause()
    const together = await Promise.all(Array.from({ length: 5 }, () => timed(store.take('test:hangs', 60))))
    for (const { code, milliseconds } of together) {
      expect(code).toBe('store_unavailable')
      expect(milliseconds).toBeGreaterThan(DEADLINE - 20)
      expect(milliseconds).toBeLessThan(DEADLINE + TOLERANCE)
    }
    expect(await timed(store.get('test:hangs'))).toEqual(down)
    redis.resume()
    await working(store)
    expect(logged).toEqual([
      expect.objectContaining({ event: 'store_lost', cause: 'ETIMEDOUT' }),
      expect.objectContaining({ event: 'store_back' }),
    ])
  })

  it('delays a process that starts meanwhile by the same deadline', async () => {
    redis.pause()
    const store = await start(redis.url)
    const { code, milliseconds } = await timed(store.get('test:any'))
    expect(code).toBe('store_unavailable')
    expect(milliseconds).toBeLessThan(DEADLINE + TOLERANCE)
    redis.resume()
    await working(store)
    expect(events()).toEqual(['store_lost', 'store_back'])
  })
})

describe('a Redis server', () => {
  it('that closes a connection is connected to again, even if the process was suspended meanwhile', async () => {
    const store = await start(redis.url)
    await working(store)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 10_000 })
    const other = createClient({ url: redis.url })
    await other.connect()
    await other.sendCommand(['CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'])
    await other.close()
    expect(await store.take('test:idle', 60)).toBe(true)
    expect(events()).toEqual([])
  })

  it('receives a password that is never logged', async () => {
    const withPassword = (password: string) =>
      guarded.url.replace('://', `://:${encodeURIComponent(password)}@`)
    expect(await (await start(withPassword(PASSWORD))).take('test:password', 60)).toBe(true)
    const { code } = await timed((await start(withPassword('canary-wrong'))).get('test:any'))
    expect(code).toBe('store_unavailable')
    expect(logged).toEqual([expect.objectContaining({ event: 'store_lost', cause: 'WRONGPASS' })])
    expect(JSON.stringify(logged)).not.toMatch(/canary|127\.0\.0\.1/)
  })

  it('is not used if it cannot write', async () => {
    const store = await start(full.url)
    expect((await timed(store.get('test:any'))).code).toBe('store_unavailable')
    expect(logged).toEqual([expect.objectContaining({ event: 'store_lost', cause: 'OOM' })])
  })

  it('may be shared with others: every key has our prefix', async () => {
    const store = await start(redis.url)
    await store.take('test:prefix', 60)
    await store.set('test:prefix-value', 'a', 60)
    const other = createClient({ url: redis.url })
    await other.connect()
    const keys = await other.keys('*')
    await other.close()
    expect(keys.length).toBeGreaterThan(1)
    expect(keys.filter((key) => !key.startsWith('account-linking:'))).toEqual([])
  })
})
