import 'server-only'

/**
 * A time as the console shows it: in UTC, to the minute.
 *
 * @param at - Seconds since the epoch.
 */
export const timeText = (at: number): string =>
  `${new Date(at * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`

/** A date that the tenant returned as text, shown like {@link timeText}; `unknown` if it is missing or not a date. */
export function dateText(text: string | undefined): string {
  const at = Date.parse(text ?? '')
  return Number.isNaN(at) ? 'unknown' : timeText(at / 1000)
}
