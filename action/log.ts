/**
 * Writes one line. Auth0 keeps 256 characters of it. People with access to its logs need not see who the user is: the caller
 * hashes ids, and passes no addresses and no messages that others wrote.
 *
 * @param event - What happened, in snake_case.
 * @param facts - Short values.
 */
export function log(event: string, facts?: Record<string, string | undefined>): void {
  console.log(JSON.stringify({ account_linking: event, ...facts }).slice(0, 256))
}
