import 'server-only'

/** A time as the console shows it: in UTC, to the minute. */
export const timeText = (at: number): string =>
  `${new Date(at * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`

/** The same of a text of the tenant; `unknown` if it is not a time. */
export function dateText(text: string | undefined): string {
  const at = Date.parse(text ?? '')
  return Number.isNaN(at) ? 'unknown' : timeText(at / 1000)
}
