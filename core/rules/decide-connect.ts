/**
 * Whether a person who has just signed in to two accounts may connect them. The service asks before it shows the link, and
 * reads both users and asks again right before it links.
 * @module
 */
import type { LinkingUser } from '../identity'
import * as checks from './checks'
import type { ConnectPolicy } from './policy'
import { decidePrimary, type LinkDecision } from './primary'

const CHECKS = [
  checks.sameAccount,
  checks.blocked,
  checks.restricted,
  checks.unconfirmed,
  checks.forbiddenEmailMismatch,
  checks.blockedConnection,
  checks.endingSessions,
  checks.rightsUnread,
]

/**
 * Decides whether a person may connect another account. The email addresses may differ, unless the operator forbids it.
 *
 * @param current - The user who is signed in, as read from the tenant now.
 * @param other - The other user, just proven, as read from the tenant now.
 * @param policy - The operator's lists and rules.
 * @returns Which side stays, or the first reason against the link.
 * @see {@link https://auth0.com/docs/manage-users/user-accounts/user-profiles/verified-email-usage Verified Email Usage}
 */
export function decideConnect(current: LinkingUser, other: LinkingUser, policy: ConnectPolicy): LinkDecision {
  const reason = checks.findRefusal(CHECKS, current, other, { policy })
  return reason ? { reason } : decidePrimary(current, other, policy)
}
