/**
 * Worlds in which sixty accounts have the email address of the one that logs in.
 * @module
 */
const OWN = { user_id: 'google-oauth2|ann-g', email: 'ann@example.com', email_verified: true }

/**
 * Makes one world: an account that logs in with Google, and sixty GitHub accounts.
 *
 * @param rest - Appended to the id of every account but the one that logs in.
 */
export const sixtyAccounts = (rest = ''): Record<string, unknown>[] => {
  const others = Array.from({ length: 60 }, (_, at) => ({ ...OWN, user_id: `github|${at}${rest}` }))
  return [{ users: [{ ...OWN, created_at: '2020-01-01T00:00:00.000Z' }, ...others] }]
}
