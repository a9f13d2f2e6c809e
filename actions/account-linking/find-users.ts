import { type LinkingUser, normalizeEmail, parseUser } from '../../lib/linking'
import type { Management } from './management'

/**
 * Reads every user with an address, spelled as given and in lower case: the lookup is case-sensitive, databases keep
 * lower case, and social providers keep what they were told.
 *
 * @param management - The Management API.
 * @param email - The address of the user who logs in.
 * @throws {ManagementError} Where a lookup did not succeed.
 * @see {@link https://auth0.com/docs/manage-users/user-search/retrieve-users-with-get-users-by-email-endpoint Get users by email}
 */
export async function findUsers({ call }: Management, email = ''): Promise<LinkingUser[]> {
  const paths = [email, normalizeEmail(email)].map(
    (spelling) => `/users-by-email?email=${encodeURIComponent(spelling)}`,
  )
  const answers = await Promise.all([...new Set(paths)].map((path) => call('GET', path)))
  return answers.flat().map(parseUser)
}
