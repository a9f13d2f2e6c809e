import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Store } from '@/lib/store/store-contract'
import { withLock } from '@/lib/store/with-lock'
import { startRedis } from '../../support/flow/redis'
import { services } from '../../support/process/services'

const redis = await startRedis()
afterAll(redis.stop)

describe.each([
  ['the memory of the process', ''],
  ['Redis', redis.url],
])('withLock over %s', (_where, redisUrl) => {
  let store: Store
  beforeAll(async () => {
    store = services({ REDIS_URL: redisUrl }).store
    // On a busy machine, loading the Redis client may exceed the first command's deadline. The store then pauses for 1 s.
    await vi.waitFor(() => store.isTaken('warm'), { timeout: 10_000, interval: 1_100 })
  })

  it('runs one work at a time, and all of them eventually', async () => {
    let inside = 0
    let most = 0
    const work = async () => {
      inside += 1
      most = Math.max(most, inside)
      await sleep(5)
      inside -= 1
      return 'done'
    }
    const all = await Promise.all(
      Array.from({ length: 20 }, () => withLock(store, 'test:1', { ttl: 5, wait: 10 }, work)),
    )
    expect(all).toEqual(Array.from({ length: 20 }, () => ({ isBusy: false, result: 'done' })))
    expect(most).toBe(1)
  })

  it('waits no longer than the given time, and returns that the lock is busy', async () => {
    await store.take('lock:test:2', 10, 'someone else')
    const work = vi.fn()
    const started = performance.now()
    expect(await withLock(store, 'test:2', { ttl: 5, wait: 0.2 }, work)).toEqual({ isBusy: true })
    expect(performance.now() - started).toBeLessThan(1000)
    expect(work).not.toHaveBeenCalled()
  })

  it("runs no work if the holder's result is found while waiting", async () => {
    await store.take('lock:test:6', 10, 'someone else')
    const found = vi.fn().mockResolvedValueOnce(undefined).mockResolvedValue('theirs')
    const work = vi.fn()
    expect(await withLock(store, 'test:6', { ttl: 5, wait: 5 }, work, found)).toEqual({
      isBusy: false,
      result: 'theirs',
    })
    expect(work).not.toHaveBeenCalled()
  })

  it('takes a lock that has expired because its holder was lost', async () => {
    await store.take('lock:test:3', 0.2, 'a holder that was lost')
    expect(await withLock(store, 'test:3', { ttl: 5, wait: 5 }, async () => 1)).toEqual({
      isBusy: false,
      result: 1,
    })
  })

  it("does not release someone else's lock after its own has expired", async () => {
    await withLock(store, 'test:4', { ttl: 0.05, wait: 0 }, async () => {
      await vi.waitFor(async () => expect(await store.take('lock:test:4', 10, 'next')).toBe(true))
    })
    expect(await store.isTaken('lock:test:4')).toBe(true)
  })

  it('releases the lock if the work throws, and throws its error', async () => {
    const failing = withLock(store, 'test:5', { ttl: 5, wait: 0 }, () =>
      Promise.reject(new Error('of the work')),
    )
    await expect(failing).rejects.toThrow('of the work')
    expect(await store.isTaken('lock:test:5')).toBe(false)
  })
})
