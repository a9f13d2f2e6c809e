/**
 * Whether two accounts may be linked because their owner wants it, having just signed in to both. Asked when it is shown
 * and again right before it is done, of users read anew.
 * @module
 */

import type { LinkRefusal } from '../errors'
import { holds, type LinkingUser, normalizeEmail } from '../identity'
import { parseEnding } from '../records/ending'
import { mayBeNamed } from './connection-list'
import { type ConnectPolicy, isRestricted } from './policy'
import { decidePrimary, type LinkDecision } from './primary'

/**
 * Decides whether a person may connect another account of theirs. The addresses may differ, unless the operator forbids it.
 *
 * @param current - The user who is signed in, as read from the tenant now.
 * @param other - The user who was just proven, as read from the tenant now.
 * @param policy - The operator's lists and rules.
 * @returns Which side stays, or the first reason against it.
 * @see {@link https://auth0.com/docs/manage-users/user-accounts/user-profiles/verified-email-usage Verified Email Usage}
 */
export function decideConnect(current: LinkingUser, other: LinkingUser, policy: ConnectPolicy): LinkDecision {
  const reason = findRefusal(current, other, policy)
  return reason ? { reason } : decidePrimary(current, other, policy)
}

function findRefusal(
  current: LinkingUser,
  other: LinkingUser,
  policy: ConnectPolicy,
): LinkRefusal | undefined {
  const both = [current, other]
  if (holds(current, other.user_id)) return 'same_account'
  if (both.some(({ blocked }) => blocked)) return 'blocked'
  if (both.some((user) => isRestricted(user, policy))) return 'restricted'
  if (both.some((user) => isUnconfirmed(user, policy))) return 'unverified'
  if (policy.sameEmail && normalizeEmail(current.email) !== normalizeEmail(other.email))
    return 'email_mismatch'
  if (other.identities.some((identity) => mayBeNamed(identity, policy.blocked))) return 'untrusted_connection'
  // A session that is still to be ended must not connect anything.
  if (both.some(parseEnding)) return 'busy'
}

/**
 * Whether the address of a user has to be confirmed before anything is connected, whatever the other account is like.
 *
 * @param user - Of either side.
 * @param policy - With `sameEmail` both sides need a confirmed address.
 */
export function isUnconfirmed(user: LinkingUser, { sameEmail }: Pick<ConnectPolicy, 'sameEmail'>): boolean {
  const isConfirmed = user.email !== undefined && user.email_verified === true
  return isOpenToStrangers(user) || (sameEmail && !isConfirmed)
}

/**
 * Whether the owner of an address could reset the password of an account that somebody else made under it, and so come
 * to stand in whatever that account is linked with.
 */
function isOpenToStrangers({ email, email_verified, identities }: LinkingUser): boolean {
  return identities[0]?.provider === 'auth0' && email !== undefined && email_verified !== true
}
