/**
 * How far a server's clock is ahead of ours.
 *
 * @param response - The server's response, just received.
 * @returns Seconds, negative if the server's clock is behind; undefined if the response has no `Date` header.
 * @see {@link https://www.rfc-editor.org/rfc/rfc9110#section-6.6.1 RFC 9110, section 6.6.1}
 */
export function readClockOffset(response: Response): number | undefined {
  const date = Date.parse(response.headers.get('date') ?? '')
  return Number.isNaN(date) ? undefined : (date - Date.now()) / 1000
}
