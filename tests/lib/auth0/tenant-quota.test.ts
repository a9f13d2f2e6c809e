import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fetchTrackingQuota, isScarce, untilTurn, waitForViewQuota } from '@/lib/auth0/tenant-quota'
import { forgetProcessMemory } from '../../support/process/process-memory'

/** The value of `performance.now()`, in milliseconds. */
let time = 0

beforeEach(() => {
  forgetProcessMemory('tenant-quota')
  time = 1_000
  vi.spyOn(performance, 'now').mockImplementation(() => time)
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

/** Has the tenant report its rate limit. */
async function answer(headers: Record<string, string>, status = 200): Promise<void> {
  vi.stubGlobal('fetch', async () => new Response(null, { status, headers }))
  await fetchTrackingQuota('https://tenant.example')
}
const told = (remaining: number, limit = 10) =>
  answer({ 'x-ratelimit-limit': String(limit), 'x-ratelimit-remaining': String(remaining) })
/** What a check returns after this many milliseconds. */
async function later(question: Promise<boolean>, milliseconds: number): Promise<boolean | 'waits'> {
  let said: boolean | 'waits' = 'waits'
  question.then((answered) => {
    said = answered
  })
  time += milliseconds
  // The check looks again every 25 to 75 ms.
  await new Promise((resolve) => setTimeout(resolve, 150))
  return said
}

describe('waitForViewQuota', () => {
  it.each([
    [10, true],
    [6, true],
    [5, 'waits'],
    [0, 'waits'],
  ])('leaves half of the limit to changes: with %i of 10 left the result is %s', async (remaining, may) => {
    await told(remaining)
    expect(await later(waitForViewQuota(), 0)).toBe(may)
  })

  it('continues when enough calls are available again', async () => {
    await told(4)
    // The tenant refills two calls a second.
    expect(await later(waitForViewQuota(), 1_000)).toBe(true)
  })

  it('gives up after two seconds', async () => {
    await told(0)
    const asked = waitForViewQuota()
    await later(asked, 1_990)
    expect(await later(asked, 20)).toBe(false)
  })

  it('counts calls in progress', async () => {
    await told(10)
    let end = () => {}
    vi.stubGlobal('fetch', () => new Promise((resolve) => (end = () => resolve(new Response()))))
    const calls = Array.from({ length: 5 }, () => fetchTrackingQuota('https://tenant.example'))
    expect(await later(waitForViewQuota(), 0)).toBe('waits')
    end()
    await Promise.race(calls)
    expect(await later(waitForViewQuota(), 0)).toBe(true)
  })

  it('does not count a failed call as in progress', async () => {
    await told(10)
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('broken')))
    await Promise.allSettled(Array.from({ length: 9 }, () => fetchTrackingQuota('https://tenant.example')))
    expect(await later(waitForViewQuota(), 0)).toBe(true)
  })

  it('assumes the smallest plan until the tenant sends its limit', async () => {
    expect(await later(waitForViewQuota(), 0)).toBe(true)
    await answer({})
    expect(await later(waitForViewQuota(), 0)).toBe(true)
  })

  it('ignores a 429 without rate-limit headers', async () => {
    await told(10)
    await answer({ 'retry-after': '1' }, 429)
    expect(await later(waitForViewQuota(), 0)).toBe(true)
  })
})

describe('untilTurn', () => {
  it.each([
    [1, true],
    [0, 'waits'],
  ])('allows the last call: with %i left the result is %s', async (remaining, turn) => {
    await told(remaining)
    expect(await later(untilTurn(), 0)).toBe(turn)
  })
})

describe('isScarce', () => {
  it.each([
    [10, false],
    [8, false],
    [7, true],
    [0, true],
  ])('with %i of 10 left: %s', async (remaining, scarce) => {
    await told(remaining)
    expect(isScarce()).toBe(scarce)
  })

  it('is false until the tenant has sent its limit', async () => {
    let end = () => {}
    vi.stubGlobal('fetch', () => new Promise((resolve) => (end = () => resolve(new Response()))))
    const calls = Array.from({ length: 9 }, () => fetchTrackingQuota('https://tenant.example'))
    expect(isScarce()).toBe(false)
    end()
    await Promise.race(calls)
  })
})
