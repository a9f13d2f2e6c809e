import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { alertClock } from '@/lib/link-flow/alert-clock'

const NOW = 1_800_000_000_000
const lines = () => vi.mocked(console.log).mock.calls.map(([line]) => JSON.parse(String(line)))

beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(() => undefined)
  vi.useFakeTimers({ toFake: ['Date'], now: NOW })
})
afterEach(() => {
  vi.useRealTimers()
})

describe('alertClock', () => {
  it('logs one line a minute at most, with the difference in seconds', () => {
    for (const [at, ahead] of [
      [0, 45],
      [59_999, 46],
      [60_000, 47],
    ] as const) {
      vi.setSystemTime(NOW + at)
      alertClock(ahead)
    }
    expect(lines()).toMatchObject([
      { event: 'clock_off', level: 'alert', ahead: 45 },
      { event: 'clock_off', level: 'alert', ahead: 47 },
    ])
  })

  it('still logs after the clock was set back', () => {
    vi.setSystemTime(NOW - 3_600_000)
    alertClock(48)
    expect(lines()).toMatchObject([{ ahead: 48 }])
  })
})
