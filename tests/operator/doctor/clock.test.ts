import { describe, expect, it } from 'vitest'
import { clockOf } from '@/operator/doctor/clock'

describe('clockOf', () => {
  it('is the difference to the date of the response in seconds, and undefined without a date', () => {
    const date = new Date(Date.now() + 60_000).toUTCString()
    expect(clockOf(new Response('', { headers: { date } }))).toBeCloseTo(60, -1)
    expect(clockOf(new Response(''))).toBeUndefined()
  })
})
