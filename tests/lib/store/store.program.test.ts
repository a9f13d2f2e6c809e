import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Store } from '@/lib/store/store-contract'
import { startRedis } from '../../support/flow/redis'
import { services } from '../../support/process/services'

/** Seconds: a short life, but long enough to read a key before it expires on a busy machine. */
const SHORT = 0.25

const redis = await startRedis()
afterAll(redis.stop)

describe.each([
  ['the memory of the process', ''],
  ['Redis', redis.url],
])('a store in %s', (_where, redisUrl) => {
  let store: Store
  beforeAll(async () => {
    store = services({ REDIS_URL: redisUrl }).store
    // On a busy machine, loading the Redis client may exceed the first command's deadline. The store then pauses for 1 s.
    await vi.waitFor(() => store.isTaken('warm'), { timeout: 10_000, interval: 1_100 })
  })

  it('lets a key be taken once', async () => {
    expect(await store.isTaken('once:1')).toBe(false)
    expect(await store.take('once:1', 10)).toBe(true)
    expect(await store.take('once:1', 10)).toBe(false)
    expect(await store.isTaken('once:1')).toBe(true)
  })

  it('lets a key be taken once by fifty simultaneous callers', async () => {
    const taken = await Promise.all(Array.from({ length: 50 }, () => store.take('once:2', 10)))
    expect(taken.filter(Boolean)).toHaveLength(1)
  })

  it('lets a key be taken again after it has expired', async () => {
    await store.take('once:3', SHORT)
    expect(await store.take('once:3', SHORT)).toBe(false)
    await vi.waitFor(async () => expect(await store.isTaken('once:3')).toBe(false))
    expect(await store.take('once:3', SHORT)).toBe(true)
  })

  it('returns the last value of a key', async () => {
    expect(await store.get('value:1')).toBeUndefined()
    await store.set('value:1', 'old', 10)
    await store.set('value:1', 'neu: ü\n"', 10)
    expect(await store.get('value:1')).toBe('neu: ü\n"')
  })

  it('does not return an expired value', async () => {
    await store.set('value:2', 'a', SHORT)
    expect(await store.get('value:2')).toBe('a')
    await vi.waitFor(async () => expect(await store.get('value:2')).toBeUndefined())
  })

  it('deletes a key, set or taken', async () => {
    await store.set('value:3', 'a', 10)
    await store.take('once:4', 10)
    await store.delete('value:3')
    await store.delete('once:4')
    await store.delete('none:1')
    expect(await store.get('value:3')).toBeUndefined()
    expect(await store.take('once:4', 10)).toBe(true)
  })

  it('deletes a key only if it has the given value', async () => {
    await store.set('value:4', 'newer', 10)
    await store.take('once:5', 10, 'someone else')
    await store.delete('value:4', 'older')
    await store.delete('once:5', 'me')
    expect([await store.get('value:4'), await store.isTaken('once:5')]).toEqual(['newer', true])
    await store.delete('value:4', 'newer')
    await store.delete('once:5', 'someone else')
    expect([await store.get('value:4'), await store.isTaken('once:5')]).toEqual([undefined, false])
  })

  it('counts, and returns how long the count lasts', async () => {
    const first = await store.count('often:1', 10)
    expect(first.count).toBe(1)
    expect(first.secondsLeft).toBeGreaterThan(9)
    expect(first.secondsLeft).toBeLessThanOrEqual(10)
    expect((await store.count('often:2', 10)).count).toBe(1)
    const second = await store.count('often:1', 1000)
    expect(second.count).toBe(2)
    // The first count determines the end.
    expect(second.secondsLeft).toBeLessThanOrEqual(10)
  })

  it('counts fifty simultaneous calls, each exactly once', async () => {
    const counts = await Promise.all(Array.from({ length: 50 }, () => store.count('often:3', 10)))
    expect(counts.map(({ count }) => count).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 50 }, (_unused, index) => index + 1),
    )
  })

  it('restarts the count after it has expired', async () => {
    await store.count('often:4', SHORT)
    await store.count('often:4', SHORT)
    await vi.waitFor(async () => expect((await store.count('often:4', SHORT)).count).toBe(1))
  })

  it('is shared by every copy of the module', async () => {
    await store.take('once:6', 10)
    await store.count('often:5', 10)
    vi.resetModules()
    const copy = (await import('@/lib/store/store')).createStore(redisUrl || undefined)
    expect(copy).not.toBe(store)
    expect(await copy.isTaken('once:6')).toBe(true)
    expect((await copy.count('often:5', 10)).count).toBe(2)
  })

  it('shares nothing with the other kind of store', async () => {
    expect(await store.take('once:in-one-of-them', 10)).toBe(true)
    expect((await store.count('often:in-one-of-them', 10)).count).toBe(1)
  })
})
