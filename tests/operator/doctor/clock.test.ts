import { describe, expect, it } from 'vitest'
import { responseTime } from '@/operator/doctor/clock'

describe('responseTime', () => {
  it('is the difference to the date of the response in seconds, and undefined without a date', () => {
    const date = new Date(Date.now() + 60_000).toUTCString()
    expect(responseTime(new Response('', { headers: { date } }))).toBeCloseTo(60, -1)
    expect(responseTime(new Response(''))).toBeUndefined()
  })
})
