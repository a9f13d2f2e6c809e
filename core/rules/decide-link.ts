/**
 * Whether a suggested link may be made. Asked when it is offered and again right before it is made, of users that were read
 * again.
 * @module
 */
import type { LinkingUser } from '../identity'
import * as checks from './checks'
import type { LinkPolicy } from './policy-options'
import { decidePrimary, type LinkDecision } from './primary'

const CHECKS = [
  checks.sameAccount,
  checks.blocked,
  checks.restricted,
  checks.unverified,
  checks.emailMismatch,
  checks.untrustedConnection,
  checks.givingBack,
  checks.endingSessions,
  checks.rightsUnread,
]

/**
 * Decides whether two users may be linked because their verified email is the same.
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
  const reason = checks.findRefusal(CHECKS, current, candidate, { policy, now })
  return reason ? { reason } : decidePrimary(current, candidate, policy)
}
