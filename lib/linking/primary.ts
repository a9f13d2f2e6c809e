/**
 * Which of two accounts stays.
 * @module
 */
import type { LinkRefusal } from './errors'
import type { LinkingUser } from './identity'
import { isOf, type LinkPolicy } from './policy'

/** The side that stays, or the reason that stands against linking the two. */
export type LinkDecision =
  | { stays: 'current' | 'candidate'; reason?: undefined }
  | { stays?: undefined; reason: LinkRefusal }

/**
 * Decides which account stays; the first rule that tells the two apart wins. An account provisioned by SCIM or
 * directory sync must stay. One that holds several identities stays, because no source says what becomes of a
 * secondary's own linked identities. Then the operator's rule, then age. Both sides of a pair reach the same answer,
 * whoever of them logs in, so that two logins at once cannot link the pair both ways.
 *
 * @param current - The user who has just logged in.
 * @param candidate - The other user.
 * @param policy - The operator's lists and rule.
 * @returns Which side stays, or `both_provisioned` or `several_identities`.
 * @see {@link https://auth0.com/docs/authenticate/protocols/scim/configure-inbound-scim SCIM and linked accounts}
 */
export function decidePrimary(
  current: LinkingUser,
  candidate: LinkingUser,
  policy: LinkPolicy,
): LinkDecision {
  const isIn = (user: LinkingUser, names: string[]) =>
    user.identities.some((identity) => isOf(identity, names))
  const provisioned = (user: LinkingUser) => Number(isIn(user, policy.provisioned))
  const several = (user: LinkingUser) => Number(user.identities.length > 1)
  // Counted so that the smaller one stays; an account of unknown age is the younger one.
  const rank = (user: LinkingUser): number => {
    if (policy.primary[0] === 'most_used') return -(user.logins_count ?? 0)
    const at = policy.primary.findIndex((name) => isIn(user, [name]))
    return at < 0 ? policy.primary.length : at
  }
  const age = (user: LinkingUser) => Date.parse(user.created_at ?? '') || Number.MAX_VALUE

  if (provisioned(current) && provisioned(candidate)) return { reason: 'both_provisioned' }
  const order =
    provisioned(candidate) - provisioned(current) ||
    several(candidate) - several(current) ||
    rank(current) - rank(candidate) ||
    age(current) - age(candidate) ||
    (current.user_id < candidate.user_id ? -1 : 1)
  if (several(order < 0 ? candidate : current)) return { reason: 'several_identities' }
  return { stays: order < 0 ? 'current' : 'candidate' }
}
