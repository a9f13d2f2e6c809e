import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ActionCache } from '@/local-tenant/actions/action-cache'

beforeEach(() => vi.useFakeTimers({ toFake: ['Date'], now: 0 }))
afterEach(() => vi.useRealTimers())

const MINUTE = 60_000

describe('ActionCache', () => {
  it.each([
    ['15 minutes by default', undefined, 15 * MINUTE],
    ['the milliseconds that ttl says', { ttl: 1000 }, 1000],
    ['until expires_at', { expires_at: 2000 }, 2000],
    ['at most a day', { ttl: 48 * 60 * MINUTE }, 24 * 60 * MINUTE],
  ])('keeps a value for %s', (_how, options, life) => {
    const cache = new ActionCache()
    cache.set('key', 'value', options)
    vi.setSystemTime(life - 1)
    expect(cache.get('key')).toEqual({ value: 'value', expires_at: life })
    vi.setSystemTime(life)
    expect(cache.get('key')).toBeUndefined()
  })

  it.each([
    ['a key of more than 64 bytes', 'k'.repeat(65), 'v'],
    ['a value of more than 4 kB', 'k', 'v'.repeat(4097)],
  ])('returns an error for %s and stores nothing', (_what, key, value) => {
    const cache = new ActionCache()
    expect(cache.set(key, value).type).toBe('error')
    expect(cache.get(key)).toBeUndefined()
  })

  it('holds 8 kB in all', () => {
    const cache = new ActionCache()
    expect(cache.set('a', 'v'.repeat(4000)).type).toBe('success')
    expect(cache.set('b', 'v'.repeat(4000)).type).toBe('success')
    expect(cache.set('c', 'v'.repeat(200)).type).toBe('error')
    cache.delete('a')
    expect(cache.set('c', 'v'.repeat(200)).type).toBe('success')
  })

  it('holds 20 entries, not counting expired ones', () => {
    const cache = new ActionCache()
    for (let n = 0; n < 20; n += 1) cache.set(`key ${n}`, 'value', { ttl: 1000 })
    expect(cache.set('one more', 'value').type).toBe('error')
    vi.setSystemTime(1000)
    expect(cache.set('one more', 'value').type).toBe('success')
  })
})
