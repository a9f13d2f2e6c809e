import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { processMemory } from '@/lib/process/process-memory'
import { memoryStore } from '@/lib/store/memory-store'
import { forgetProcessMemory } from '../../support/process/process-memory'

/** The keys in one map of the store, expired or not. */
const keysOf = (name: string) => [...processMemory(name, () => new Map<string, unknown>()).keys()]

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: 1_800_000_000_000 })
})
afterEach(() => {
  vi.useRealTimers()
})

describe('memoryStore', () => {
  it('expires keys to the millisecond', async () => {
    await memoryStore.take('test:end', 10)
    vi.advanceTimersByTime(9_999)
    expect(await memoryStore.isTaken('test:end')).toBe(true)
    vi.advanceTimersByTime(1)
    expect(await memoryStore.isTaken('test:end')).toBe(false)
  })

  it('refuses new keys when full, and accepts them after keys have expired', async () => {
    for (let index = 0; index < 100_000; index += 1) await memoryStore.take(`test:flood:${index}`, 60)
    expect(await memoryStore.take('test:one-more', 60)).toBe(false)
    expect(await memoryStore.take('test:flood:0', 60)).toBe(false)
    vi.advanceTimersByTime(61_000)
    expect(await memoryStore.take('test:one-more', 60)).toBe(true)
  })

  it('removes expired keys when a key is added a minute later', async () => {
    forgetProcessMemory('taken', 'counted', 'cached')
    await memoryStore.take('test:key', 10)
    await memoryStore.take('test:longer', 120)
    await memoryStore.count('test:count', 10)
    await memoryStore.set('test:value', 'a', 10)
    vi.advanceTimersByTime(61_000)
    await memoryStore.take('test:next', 10)
    expect(['taken', 'counted', 'cached'].map(keysOf)).toEqual([['test:longer', 'test:next'], [], []])
  })

  it('counts to the millisecond', async () => {
    await memoryStore.count('test:often', 10)
    vi.advanceTimersByTime(9_999)
    expect(await memoryStore.count('test:often', 10)).toEqual({ count: 2, secondsLeft: 0.001 })
    vi.advanceTimersByTime(1)
    expect(await memoryStore.count('test:often', 10)).toEqual({ count: 1, secondsLeft: 10 })
  })

  it('drops the oldest count when there are too many', async () => {
    await memoryStore.count('test:old', 60)
    await memoryStore.count('test:young', 60)
    await memoryStore.count('test:old', 60)
    for (let index = 0; index < 99_999; index += 1) await memoryStore.count(`test:count:${index}`, 60)
    expect((await memoryStore.count('test:young', 60)).count).toBe(2)
    expect((await memoryStore.count('test:old', 60)).count).toBe(1)
  })

  it('drops the value that was set longest ago when there are too many, but no taken key', async () => {
    await memoryStore.take('test:taken', 60)
    await memoryStore.set('test:first', 'a', 60)
    await memoryStore.set('test:second', 'b', 60)
    await memoryStore.set('test:first', 'c', 60)
    for (let index = 0; index < 999; index += 1) await memoryStore.set(`test:value:${index}`, 'x', 60)
    expect(await memoryStore.get('test:second')).toBeUndefined()
    expect(await memoryStore.get('test:first')).toBe('c')
    expect(await memoryStore.isTaken('test:taken')).toBe(true)
  })
})
