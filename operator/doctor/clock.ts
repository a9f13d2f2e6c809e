/**
 * How far the clock of the answering server is ahead of ours.
 *
 * @param response - Just received.
 * @returns Seconds; undefined if the answer has no date.
 * @see {@link https://www.rfc-editor.org/rfc/rfc9110#section-6.6.1 RFC 9110, section 6.6.1}
 */
export function clockOf(response: Response): number | undefined {
  const date = Date.parse(response.headers.get('date') ?? '')
  return Number.isNaN(date) ? undefined : (date - Date.now()) / 1000
}
