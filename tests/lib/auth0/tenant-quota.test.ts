import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fetchTrackingQuota, isScarce, untilTurn, waitForViewQuota } from '@/lib/auth0/tenant-quota'
import { forgetProcessMemory } from '../../support/process/process-memory'

/** What `performance` says, in milliseconds. */
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

/** Lets the tenant answer, with what it says of its limit. */
async function answer(headers: Record<string, string>, status = 200): Promise<void> {
  vi.stubGlobal('fetch', async () => new Response(null, { status, headers }))
  await fetchTrackingQuota('https://tenant.example')
}
const told = (remaining: number, limit = 10) =>
  answer({ 'x-ratelimit-limit': String(limit), 'x-ratelimit-remaining': String(remaining) })
/** What a question says after so many milliseconds have passed. */
async function later(question: Promise<boolean>, milliseconds: number): Promise<boolean | 'waits'> {
  let said: boolean | 'waits' = 'waits'
  question.then((answered) => {
    said = answered
  })
  time += milliseconds
  // Looks again every 25 to 75 ms.
  await new Promise((resolve) => setTimeout(resolve, 150))
  return said
}

describe('waitForViewQuota', () => {
  it.each([
    [10, true],
    [6, true],
    [5, 'waits'],
    [0, 'waits'],
  ])('leaves half of the limit to changes: with %i of 10 left it is %s', async (remaining, may) => {
    await told(remaining)
    expect(await later(waitForViewQuota(), 0)).toBe(may)
  })

  it('goes on when enough has come back', async () => {
    await told(4)
    // Two a second.
    expect(await later(waitForViewQuota(), 1_000)).toBe(true)
  })

  it('gives up after two seconds', async () => {
    await told(0)
    const asked = waitForViewQuota()
    await later(asked, 1_990)
    expect(await later(asked, 20)).toBe(false)
  })

  it('counts the calls that are not answered yet', async () => {
    await told(10)
    let end = () => {}
    vi.stubGlobal('fetch', () => new Promise((resolve) => (end = () => resolve(new Response()))))
    const calls = Array.from({ length: 5 }, () => fetchTrackingQuota('https://tenant.example'))
    expect(await later(waitForViewQuota(), 0)).toBe('waits')
    end()
    await Promise.race(calls)
    expect(await later(waitForViewQuota(), 0)).toBe(true)
  })

  it('counts a call that fails as over', async () => {
    await told(10)
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('broken')))
    await Promise.allSettled(Array.from({ length: 9 }, () => fetchTrackingQuota('https://tenant.example')))
    expect(await later(waitForViewQuota(), 0)).toBe(true)
  })

  it('takes the smallest plan for granted until it is told', async () => {
    expect(await later(waitForViewQuota(), 0)).toBe(true)
    await answer({})
    expect(await later(waitForViewQuota(), 0)).toBe(true)
  })

  it('is not misled by a refusal that says nothing of the limit', async () => {
    await told(10)
    await answer({ 'retry-after': '1' }, 429)
    expect(await later(waitForViewQuota(), 0)).toBe(true)
  })
})

describe('untilTurn', () => {
  it.each([
    [1, true],
    [0, 'waits'],
  ])('takes the last call as well: with %i left it is %s', async (remaining, turn) => {
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

  it('is not known before the tenant said anything', async () => {
    let end = () => {}
    vi.stubGlobal('fetch', () => new Promise((resolve) => (end = () => resolve(new Response()))))
    const calls = Array.from({ length: 9 }, () => fetchTrackingQuota('https://tenant.example'))
    expect(isScarce()).toBe(false)
    end()
    await Promise.race(calls)
  })
})
