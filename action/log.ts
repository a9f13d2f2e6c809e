/**
 * Logs one line, of which Auth0 keeps 256 characters. People who read Auth0's logs should not see who the user is: the caller
 * hashes ids, and passes no email addresses and no messages from other programs.
 *
 * @param event - What happened, in snake_case.
 * @param facts - Short values.
 */
export function log(event: string, facts?: Record<string, string | undefined>): void {
  console.log(JSON.stringify({ account_linking: event, ...facts }).slice(0, 256))
}
