/**
 * Which of two accounts stays (becomes primary).
 * @module
 */

import type { LinkRefusal } from '../errors'
import type { LinkingUser } from '../identity'
import { NEVER } from '../records/marks-shape'
import { isNamed, mayBeNamed } from './connection-list'
import type { LinkPolicy } from './policy-options'
import { costOfStaying, rightsLossRefusal } from './rights'

/** The side that stays, or the reason why the two are not linked. */
export type LinkDecision =
  | { stays: 'current' | 'candidate'; reason?: undefined }
  | { stays?: undefined; reason: LinkRefusal }

/**
 * Decides which account stays. The first rule that tells the two apart wins:
 *
 * 1. An account that SCIM or directory sync provisions must stay.
 * 2. An account with several identities stays: Auth0 does not say what happens to a secondary's linked identities.
 * 3. An account that lacks none of the other's rights stays; failing that, one that lacks none that must not be lost.
 * 4. The rule `PRIMARY`.
 * 5. The older account stays.
 *
 * The result is the same for either order, so that two concurrent logins cannot link the pair both ways.
 *
 * @param current - The user who has just logged in.
 * @param candidate - The other user.
 * @param policy - The operator's lists and rule.
 * @returns Which side stays, or `both_provisioned`, `several_identities`, or a code for rights that must not be lost.
 * @see {@link https://auth0.com/docs/authenticate/protocols/scim/configure-inbound-scim SCIM and linked accounts}
 */
export function decidePrimary(
  current: LinkingUser,
  candidate: LinkingUser,
  policy: LinkPolicy,
): LinkDecision {
  const isProvisioned = (user: LinkingUser) =>
    user.identities.some((identity) => mayBeNamed(identity, policy.provisioned))
  const several = (user: LinkingUser) => user.identities.length > 1
  if (isProvisioned(current) && isProvisioned(candidate)) return { reason: 'both_provisioned' }
  // Each rule gives a number; the account with the smaller one stays.
  const rules: ((user: LinkingUser) => number)[] = [
    (user) => (isProvisioned(user) ? 0 : 1),
    (user) => (several(user) ? 0 : 1),
    (user) => costOfStaying(user, user === current ? candidate : current, policy),
    (user) => {
      if (policy.primary[0] === 'most_used') return -(user.logins_count ?? 0)
      const at = policy.primary.findIndex((name) =>
        user.identities.some((identity) => isNamed(identity, [name])),
      )
      return at < 0 ? policy.primary.length : at
    },
    // An account of unknown age counts as the younger one.
    (user) => Date.parse(user.created_at ?? '') || NEVER,
  ]
  const decisive = rules.find((rule) => rule(current) !== rule(candidate))
  const isCurrent = decisive ? decisive(current) < decisive(candidate) : current.user_id < candidate.user_id
  const [primary, secondary] = isCurrent ? [current, candidate] : [candidate, current]
  if (several(secondary)) return { reason: 'several_identities' }
  const reason = rightsLossRefusal(primary, secondary, policy)
  if (reason) return { reason }
  return { stays: isCurrent ? 'current' : 'candidate' }
}
