import 'server-only'
import type { DateView } from './date'

/**
 * A point in time, for people and for programs. In UTC, because the server does not know the reader's time zone.
 *
 * @param at - Seconds since the epoch.
 * @param detail - Whether the time of day is shown, too.
 */
export function dateView({ language }: { language: string }, at: number, detail: 'day' | 'minute'): DateView {
  const date = new Date(at * 1000)
  const format =
    detail === 'day'
      ? new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' })
      : new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })
  return {
    iso: date.toISOString(),
    text: detail === 'day' ? format.format(date) : `${format.format(date)} UTC`,
  }
}
