import { describe, expect, it } from 'vitest'
import { mayRepeat, PAUSE_MS, waitOf } from '@/core'

const NOW = 1_800_000_000_000

describe('mayRepeat', () => {
  it.each<[string, (number | undefined)[], (number | undefined)[]]>([
    ['GET', [429, 500, 503, undefined], [400, 403, 404, 409]],
    ['PATCH', [429, 500, 503, undefined], [400, 403, 404, 409]],
    ['DELETE', [429], [400, 403, 404, 500, 503, undefined]],
    ['POST', [], [400, 403, 409, 429, 500, 503, undefined]],
  ])('of a %s is true after %j, and false after %j', (method, repeated, others) => {
    const ask = (status: number | undefined) => mayRepeat(method, status === undefined ? {} : { status })
    expect(repeated.map(ask)).toEqual(repeated.map(() => true))
    expect(others.map(ask)).toEqual(others.map(() => false))
  })
})

describe('waitOf', () => {
  it.each<[Record<string, string>, number]>([
    [{}, PAUSE_MS],
    [{ 'retry-after': '2' }, 2_000],
    [{ 'retry-after': '0.1' }, PAUSE_MS],
    [{ 'retry-after': '0' }, PAUSE_MS],
    [{ 'retry-after': 'Fri, 15 Jan 2027 08:00:02 GMT' }, PAUSE_MS],
    [{ 'x-ratelimit-reset': String(NOW / 1_000 + 3) }, 3_000],
    [{ 'x-ratelimit-reset': String(NOW / 1_000 - 3) }, PAUSE_MS],
    [{ 'x-ratelimit-reset': 'soon' }, PAUSE_MS],
    [{ 'retry-after': '2', 'x-ratelimit-reset': String(NOW / 1_000 + 3) }, 2_000],
  ])('reads %j as %i ms', (headers, expected) => {
    expect(waitOf(new Headers(headers), NOW)).toBe(expected)
  })
})
