import { describe, expect, it, vi } from 'vitest'
import { dateView } from '@/components/ui/date-view'
import { en } from '@/lib/messages/en'

/** The last second of 2025 in UTC. In almost all zones to the east it is already 2026. */
const YEARS_END = Date.parse('2025-12-31T23:59:59.000Z') / 1000

describe('dateView', () => {
  it.each([
    ['day', 'December 31, 2025'],
    ['minute', 'Dec 31, 2025, 11:59 PM UTC'],
  ] as const)('shows the %s in UTC, wherever the server is', (detail, text) => {
    expect(dateView(en, YEARS_END, detail)).toMatchObject({ iso: '2025-12-31T23:59:59.000Z', text })
  })

  it.each([
    [0, 'now'],
    [59, 'now'],
    [60, '1 minute ago'],
    [3599, '59 minutes ago'],
    [3600, '1 hour ago'],
    [86_400, 'yesterday'],
    [7 * 86_400, '7 days ago'],
    [7 * 86_400 + 1, undefined],
    [-1, undefined],
  ])('shows how long ago it was, after %d seconds: %s', (seconds, ago) => {
    vi.useFakeTimers({ toFake: ['Date'], now: (YEARS_END + seconds) * 1000 })
    expect(dateView(en, YEARS_END, 'minute').ago).toBe(ago)
    vi.useRealTimers()
  })

  it('accepts the last second that a Date can hold', () => {
    expect(dateView(en, 8.64e12, 'minute').iso).toBe('+275760-09-13T00:00:00.000Z')
  })

  it('speaks the language of the messages', () => {
    expect(dateView({ language: 'de' }, YEARS_END, 'day').text).toBe('31. Dezember 2025')
  })
})
