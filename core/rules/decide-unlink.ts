/**
 * Whether an identity may be unlinked from an account.
 * @module
 */
import type { UnlinkRefusal } from '../errors'
import type { Identity, LinkingUser } from '../identity'

/** The identity to unlink, or the reason why not. */
export type UnlinkDecision<Entry extends Identity = Identity> =
  | { identity: Entry; reason?: undefined }
  | { identity?: undefined; reason: UnlinkRefusal }

/**
 * Decides whether an identity may be unlinked: never the primary one, and never if the person could not sign in with any of
 * the others.
 *
 * @param user - The account, as read from the tenant now.
 * @param userId - `provider|id` of the identity; `not_linked` if the account does not have it.
 * @param isUsable - Whether the person can sign in with an identity at present.
 * @see {@link https://auth0.com/docs/manage-users/user-accounts/user-account-linking/unlink-user-accounts Unlink User Accounts}
 */
export function decideUnlink<Entry extends Identity>(
  user: Pick<LinkingUser, 'blocked'> & { identities: Entry[] },
  userId: string,
  isUsable: (identity: Entry) => boolean,
): UnlinkDecision<Entry> {
  const identity = user.identities.find(({ user_id }) => user_id === userId)
  if (!identity) return { reason: 'not_linked' }
  if (user.blocked) return { reason: 'blocked' }
  if (identity === user.identities[0]) return { reason: 'primary_identity' }
  const others = user.identities.filter((other) => other !== identity)
  return others.some(isUsable) ? { identity } : { reason: 'last_way_in' }
}
