import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { seconds, timeLimit } from '@/action/time'

const timeout = vi.fn()

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: 1_800_000_000_900 })
  vi.spyOn(AbortSignal, 'timeout').mockImplementation(timeout)
  timeout.mockReset()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('seconds', () => {
  it('are whole numbers', () => {
    expect(seconds()).toBe(1_800_000_000)
  })
})

describe('timeLimit', () => {
  it.each([
    ['its own time limit without a deadline', undefined, 1_000],
    ['its own time limit before a late deadline', 5_000, 1_000],
    ['until the deadline if that is sooner', 300, 300],
  ])('lasts %s', (_what, left, expected) => {
    timeLimit(1_000, left && Date.now() + left)
    expect(timeout.mock.calls).toEqual([[expected]])
  })
})
