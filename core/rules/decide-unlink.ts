/**
 * Whether a way in may be taken out of an account.
 * @module
 */
import type { UnlinkRefusal } from '../errors'
import type { Identity, LinkingUser } from '../identity'

/** The identity to take out, or the reason why not. */
export type UnlinkDecision<Entry extends Identity = Identity> =
  | { identity: Entry; reason?: undefined }
  | { identity?: undefined; reason: UnlinkRefusal }

/**
 * Decides whether an identity may be taken out of its account: never the primary one, never the last one that its owner can
 * sign in with.
 *
 * @param user - The account, as read from the tenant now.
 * @param userId - `provider|id` of the identity; anything that is not one of the account's is `not_linked`.
 * @param isUsable - Whether its owner can sign in with an identity at present.
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
