import 'server-only'
import type { DateView } from './date'

/** The view says how long ago a time was only if that is at most this many seconds. */
const MAX_DISTANCE = 7 * 86_400

/** The units for "how long ago", with their lengths in seconds, largest first. */
const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const

/**
 * A point in time, for people and for programs. The text is in UTC, because the server does not know the reader's time zone.
 *
 * @param at - Seconds since the epoch.
 * @param detail - With `minute`, the view also has the time of day and how long ago it was. If scripts run, the page then shows
 *   the time in the reader's time zone.
 */
export function dateView({ language }: { language: string }, at: number, detail: 'day' | 'minute'): DateView {
  const date = new Date(at * 1000)
  if (detail === 'day') {
    const format = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' })
    return { iso: date.toISOString(), text: format.format(date) }
  }
  const format = new Intl.DateTimeFormat(language, {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: 'UTC',
  })
  return {
    iso: date.toISOString(),
    text: `${format.format(date)} UTC`,
    hasTime: true,
    ago: distance(language, Date.now() / 1000 - at),
  }
}

function distance(language: string, seconds: number): string | undefined {
  if (seconds < 0 || seconds > MAX_DISTANCE) return undefined
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })
  const [unit, size] = UNITS.find(([, each]) => seconds >= each) ?? (['second', 1] as const)
  return format.format(unit === 'second' ? 0 : -Math.floor(seconds / size), unit)
}
