/**
 * Whether a suggested link may be made. The Action asks before it offers the link, and reads both users and asks again right
 * before it links.
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
 * Decides whether two users with the same verified email may be linked.
 *
 * @param current - The user who has just logged in, as read from the tenant now.
 * @param candidate - The other user, as read from the tenant now.
 * @param policy - The operator's lists and rules.
 * @param now - Seconds since the epoch.
 * @returns Which side stays, or the first reason against the link.
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
