import { describe, expect, it } from 'vitest'
import { LinkingError } from '@/core/errors'
import { isFirstTime } from '@/lib/store/is-first-time'
import { memoryStore } from '@/lib/store/memory-store'

const down = () => Promise.reject(new LinkingError('store_unavailable'))

describe('isFirstTime', () => {
  it('is true once for each key', async () => {
    const is = (key: string) => isFirstTime(memoryStore, `first:${key}`, 60)
    expect([await is('a'), await is('a'), await is('b')]).toEqual([true, false, true])
  })

  it('is true every time if the store is full, because two reports are better than none', async () => {
    const full = { ...memoryStore, take: async () => false, isTaken: async () => false }
    expect(await isFirstTime(full, 'full', 60)).toBe(true)
  })

  it('is true every time if the store is down', async () => {
    expect(await isFirstTime({ ...memoryStore, take: down, isTaken: down }, 'down', 60)).toBe(true)
  })
})
