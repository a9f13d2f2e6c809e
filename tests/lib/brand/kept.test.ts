import { beforeEach, describe, expect, it, vi } from 'vitest'
import { cachedBrandRead } from '@/lib/brand/kept'
import { forgetProcessMemory } from '../../support/process/process-memory'

const { after } = vi.hoisted(() => ({ after: vi.fn<(work: () => Promise<void>) => void>() }))
vi.mock('@/lib/observability/after-answer', () => ({ afterAnswer: after }))

beforeEach(() => {
  forgetProcessMemory('brand-kept')
  vi.useFakeTimers({ toFake: ['Date'] })
  return () => vi.useRealTimers()
})

describe('cachedBrandRead', () => {
  it('renews after the response, and in only one request', async () => {
    let found = 'old'
    const read = vi.fn(async () => ({ found }))
    await cachedBrandRead('thing', read)
    vi.setSystemTime(Date.now() + 601_000)
    found = 'new'
    for (let request = 0; request < 5; request += 1) expect(await cachedBrandRead('thing', read)).toBe('old')
    expect([after.mock.calls.length, read.mock.calls.length]).toEqual([1, 1])
    await after.mock.calls[0]?.[0]()
    expect([await cachedBrandRead('thing', read), read.mock.calls.length]).toEqual(['new', 2])
  })
})
