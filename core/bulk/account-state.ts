/**
 * Tells whether an account has changed since a plan was made.
 * @module
 */
import { hash12 } from '../hash'
import { type LinkingUser, normalizeEmail } from '../identity'
import { withoutNulls } from '../json-values'
import { keptOf, operatorMetadata } from '../records/own-keys'

/**
 * A hash of the parts of an account whose change makes a plan outdated: its email address and whether that is verified,
 * whether the account is blocked, its identities, its metadata, and what we keep in its metadata about other accounts. A
 * sign-in, a decline or a change of rights does not change the hash.
 *
 * @param user - The account as exported or as read from the tenant: both give the same hash.
 */
export const accountState = (user: LinkingUser): Promise<string> =>
  hash12(
    JSON.stringify([
      normalizeEmail(user.email),
      user.email_verified === true,
      Boolean(user.blocked),
      user.identities.map(({ user_id, connection }) => [user_id, connection]),
      sorted(withoutNulls(user.user_metadata)),
      sorted(withoutNulls(operatorMetadata(user.app_metadata))),
      sorted(withoutNulls(keptOf(user.app_metadata))),
    ]),
  )

const sorted = (fields: object) =>
  Object.entries(fields).sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0))
