import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { takeOnce, wasTaken } from '@/lib/store/single-use'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: 1_800_000_000_000 })
})
afterEach(() => {
  vi.useRealTimers()
})

describe('takeOnce', () => {
  it('gives a key once', () => {
    expect([takeOnce('test:once', 10), takeOnce('test:once', 10)]).toEqual([true, false])
  })

  it('gives it again when its life is over', () => {
    takeOnce('test:again', 10)
    vi.advanceTimersByTime(9_999)
    expect(wasTaken('test:again')).toBe(true)
    vi.advanceTimersByTime(1)
    expect(wasTaken('test:again')).toBe(false)
    expect(takeOnce('test:again', 10)).toBe(true)
  })

  it('is shared by every copy of the module in the process', async () => {
    takeOnce('test:shared', 10)
    vi.resetModules()
    const copy = await import('@/lib/store/single-use')
    expect(copy.takeOnce).not.toBe(takeOnce)
    expect(copy.takeOnce('test:shared', 10)).toBe(false)
  })

  it('gives nothing more when full, and goes on once keys have expired', () => {
    for (let index = 0; index < 100_000; index += 1) takeOnce(`test:flood:${index}`, 60)
    expect(takeOnce('test:one-more', 60)).toBe(false)
    expect(takeOnce('test:flood:0', 60)).toBe(false)
    vi.advanceTimersByTime(61_000)
    expect(takeOnce('test:one-more', 60)).toBe(true)
  })
})
