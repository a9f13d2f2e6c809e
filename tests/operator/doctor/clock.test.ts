import { describe, expect, it } from 'vitest'
import { readClockOffset } from '@/operator/doctor/clock'

describe('readClockOffset', () => {
  it('is the difference to the date of the response in seconds, and undefined without a date', () => {
    const date = new Date(Date.now() + 60_000).toUTCString()
    expect(readClockOffset(new Response('', { headers: { date } }))).toBeCloseTo(60, -1)
    expect(readClockOffset(new Response(''))).toBeUndefined()
  })
})
