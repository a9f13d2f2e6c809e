/**
 * Whether an account is still as it was when a plan was made.
 * @module
 */
import { hash12 } from '../hash'
import { type LinkingUser, normalizeEmail } from '../identity'
import { withoutNulls } from '../json-values'
import { foreignOf, keptOf } from '../records/own-keys'

/**
 * A hash of all of an account that a decision about linking it depends on: its address and whether that is verified, whether it is
 * blocked, its identities, its metadata, and what we keep there about other accounts. Sign-ins do not change it.
 *
 * @param user - As exported or as read from the tenant: both give the same.
 */
export const accountState = (user: LinkingUser): Promise<string> =>
  hash12(
    JSON.stringify([
      normalizeEmail(user.email),
      user.email_verified === true,
      Boolean(user.blocked),
      user.identities.map(({ user_id, connection }) => [user_id, connection]),
      sorted(withoutNulls(user.user_metadata)),
      sorted(withoutNulls(foreignOf(user.app_metadata))),
      sorted(withoutNulls(keptOf(user.app_metadata))),
    ]),
  )

const sorted = (fields: object) =>
  Object.entries(fields).sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0))
