/**
 * Whether a suggested link may be made. Asked when it is offered and again right before it is made, of users read anew.
 * @module
 */

import type { LinkRefusal } from '../errors'
import { holds, type LinkingUser, normalizeEmail } from '../identity'
import { parseEnding } from '../records/ending'
import { isGivingBack } from '../records/metadata'
import { isRestricted, isTrusted } from './policy'
import type { LinkPolicy } from './policy-options'
import { decidePrimary, type LinkDecision } from './primary'

/**
 * Decides whether two users may be linked because their verified e-mail is the same.
 *
 * @param current - The user who has just logged in, as read from the tenant now.
 * @param candidate - The other user, as read from the tenant now.
 * @param policy - The operator's lists and rules.
 * @param now - Seconds since the epoch.
 * @returns Which side stays, or the first reason against it.
 * @see {@link https://auth0.com/docs/manage-users/user-accounts/user-account-linking User Account Linking, precautions}
 */
export function decideLink(
  current: LinkingUser,
  candidate: LinkingUser,
  policy: LinkPolicy,
  now: number,
): LinkDecision {
  const reason = findRefusal(current, candidate, policy, now)
  return reason ? { reason } : decidePrimary(current, candidate, policy)
}

function findRefusal(
  current: LinkingUser,
  candidate: LinkingUser,
  policy: LinkPolicy,
  now: number,
): LinkRefusal | undefined {
  const both = [current, candidate]
  if (holds(current, candidate.user_id)) return 'same_account'
  if (both.some(({ blocked }) => blocked)) return 'blocked'
  if (both.some((user) => isRestricted(user, policy))) return 'restricted'
  // Whoever signed up under an address without proving it could otherwise claim its owner's account.
  if (both.some(({ email, email_verified }) => !email || email_verified !== true)) return 'unverified'
  if (normalizeEmail(current.email) !== normalizeEmail(candidate.email)) return 'email_mismatch'
  // The address is the first identity's word, so that one's connection has to be trusted.
  if (both.some(({ identities: [own] }) => !own || !isTrusted(own, policy))) return 'untrusted_connection'
  // What is given back would be written over, or end with its account; and a session that is still to be ended must not link.
  if (both.some((user) => isGivingBack(user, now) || parseEnding(user))) return 'busy'
}
