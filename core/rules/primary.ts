/**
 * Which of two accounts stays.
 * @module
 */

import type { LinkRefusal } from '../errors'
import type { LinkingUser } from '../identity'
import { NEVER } from '../records/marks-shape'
import { isNamed, mayBeNamed } from './connection-list'
import type { LinkPolicy } from './policy-options'
import { costOfStaying, lossOf } from './rights'

/** The side that stays, or the reason why the two are not linked. */
export type LinkDecision =
  | { stays: 'current' | 'candidate'; reason?: undefined }
  | { stays?: undefined; reason: LinkRefusal }

/**
 * Decides which account stays; the first rule that tells the two apart wins. An account provisioned by SCIM or
 * directory sync must stay. One that holds several identities stays, because no source says what becomes of a
 * secondary's own linked identities. Then the one stays that loses nothing, because it holds all that the other one does. Then the
 * operator's rule, then age. Both sides of a pair reach the same answer, so
 * that two logins at once, one on each side, cannot link the pair both ways.
 *
 * @param current - The user who has just logged in.
 * @param candidate - The other user.
 * @param policy - The operator's lists and rule.
 * @returns Which side stays, or `both_provisioned`, `several_identities`, or what would be lost that must not be.
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
    // An account of unknown age is the younger one.
    (user) => Date.parse(user.created_at ?? '') || NEVER,
  ]
  const decisive = rules.find((rule) => rule(current) !== rule(candidate))
  const isCurrent = decisive ? decisive(current) < decisive(candidate) : current.user_id < candidate.user_id
  const [staying, ending] = isCurrent ? [current, candidate] : [candidate, current]
  if (several(ending)) return { reason: 'several_identities' }
  const reason = lossOf(staying, ending, policy)
  if (reason) return { reason }
  return { stays: isCurrent ? 'current' : 'candidate' }
}
