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
    // The first command may come too late if a loaded machine has to load the client, and then there is a pause.
    await vi.waitFor(() => store.isTaken('warm'), { timeout: 10_000, interval: 1_100 })
  })

  it('lets one in at a time, and all of them in the end', async () => {
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

  it('waits no longer than it is told to, and says that someone is busy', async () => {
    await store.take('lock:test:2', 10, 'someone else')
    const work = vi.fn()
    const started = performance.now()
    expect(await withLock(store, 'test:2', { ttl: 5, wait: 0.2 }, work)).toEqual({ isBusy: true })
    expect(performance.now() - started).toBeLessThan(1000)
    expect(work).not.toHaveBeenCalled()
  })

  it('is not needed if someone else is done meanwhile', async () => {
    await store.take('lock:test:6', 10, 'someone else')
    const found = vi.fn().mockResolvedValueOnce(undefined).mockResolvedValue('theirs')
    const work = vi.fn()
    expect(await withLock(store, 'test:6', { ttl: 5, wait: 5 }, work, found)).toEqual({
      isBusy: false,
      result: 'theirs',
    })
    expect(work).not.toHaveBeenCalled()
  })

  it('opens by itself if its holder was lost', async () => {
    await store.take('lock:test:3', 0.2, 'a holder that was lost')
    expect(await withLock(store, 'test:3', { ttl: 5, wait: 5 }, async () => 1)).toEqual({
      isBusy: false,
      result: 1,
    })
  })

  it("does not open someone else's lock if its own has opened by itself", async () => {
    await withLock(store, 'test:4', { ttl: 0.05, wait: 0 }, async () => {
      await vi.waitFor(async () => expect(await store.take('lock:test:4', 10, 'next')).toBe(true))
    })
    expect(await store.isTaken('lock:test:4')).toBe(true)
  })

  it('opens again if the work fails, and lets its error through', async () => {
    const failing = withLock(store, 'test:5', { ttl: 5, wait: 0 }, () =>
      Promise.reject(new Error('of the work')),
    )
    await expect(failing).rejects.toThrow('of the work')
    expect(await store.isTaken('lock:test:5')).toBe(false)
  })
})
