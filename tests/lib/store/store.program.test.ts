import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Store } from '@/lib/store/store-contract'
import { startRedis } from '../../support/flow/redis'
import { services } from '../../support/process/services'

/** Seconds; as short as a loaded machine allows to see a key within its life. */
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
    // The first command may come too late if a loaded machine has to load the client, and then there is a pause.
    await vi.waitFor(() => store.isTaken('warm'), { timeout: 10_000, interval: 1_100 })
  })

  it('gives a key once', async () => {
    expect(await store.isTaken('once:1')).toBe(false)
    expect(await store.take('once:1', 10)).toBe(true)
    expect(await store.take('once:1', 10)).toBe(false)
    expect(await store.isTaken('once:1')).toBe(true)
  })

  it('gives a key once of fifty times at a time', async () => {
    const taken = await Promise.all(Array.from({ length: 50 }, () => store.take('once:2', 10)))
    expect(taken.filter(Boolean)).toHaveLength(1)
  })

  it('gives it again when its life is over', async () => {
    await store.take('once:3', SHORT)
    expect(await store.take('once:3', SHORT)).toBe(false)
    await vi.waitFor(async () => expect(await store.isTaken('once:3')).toBe(false))
    expect(await store.take('once:3', SHORT)).toBe(true)
  })

  it('keeps what a key was last set to', async () => {
    expect(await store.get('value:1')).toBeUndefined()
    await store.set('value:1', 'old', 10)
    await store.set('value:1', 'neu: ü\n"', 10)
    expect(await store.get('value:1')).toBe('neu: ü\n"')
  })

  it('forgets it when its life is over', async () => {
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

  it('deletes a key only if it holds the value given', async () => {
    await store.set('value:4', 'newer', 10)
    await store.take('once:5', 10, 'someone else')
    await store.delete('value:4', 'older')
    await store.delete('once:5', 'me')
    expect([await store.get('value:4'), await store.isTaken('once:5')]).toEqual(['newer', true])
    await store.delete('value:4', 'newer')
    await store.delete('once:5', 'someone else')
    expect([await store.get('value:4'), await store.isTaken('once:5')]).toEqual([undefined, false])
  })

  it('counts, and says how long it goes on', async () => {
    const first = await store.count('often:1', 10)
    expect(first.count).toBe(1)
    expect(first.secondsLeft).toBeGreaterThan(9)
    expect(first.secondsLeft).toBeLessThanOrEqual(10)
    expect((await store.count('often:2', 10)).count).toBe(1)
    const second = await store.count('often:1', 1000)
    expect(second.count).toBe(2)
    // The end stands since the first one.
    expect(second.secondsLeft).toBeLessThanOrEqual(10)
  })

  it('counts fifty at a time, and none of them twice', async () => {
    const counts = await Promise.all(Array.from({ length: 50 }, () => store.count('often:3', 10)))
    expect(counts.map(({ count }) => count).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 50 }, (_unused, index) => index + 1),
    )
  })

  it('counts from zero when its life is over', async () => {
    await store.count('often:4', SHORT)
    await store.count('often:4', SHORT)
    await vi.waitFor(async () => expect((await store.count('often:4', SHORT)).count).toBe(1))
  })

  it('is the one that every copy of the module gives', async () => {
    await store.take('once:6', 10)
    await store.count('often:5', 10)
    vi.resetModules()
    const copy = (await import('@/lib/store/store')).createStore(redisUrl || undefined)
    expect(copy).not.toBe(store)
    expect(await copy.isTaken('once:6')).toBe(true)
    expect((await copy.count('often:5', 10)).count).toBe(2)
  })

  it('shares nothing with the other kind', async () => {
    expect(await store.take('once:in-one-of-them', 10)).toBe(true)
    expect((await store.count('often:in-one-of-them', 10)).count).toBe(1)
  })
})
