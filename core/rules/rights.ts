/**
 * What becomes of the rights of the account that ends: refused, given to the account that stays, or lost.
 * @module
 */
import type { LinkRefusal } from '../errors'
import { hash12 } from '../hash'
import { bytesOf, type LinkingUser } from '../identity'
import type { KeptRights } from '../records/snapshot'
import { MAX_CALLS } from '../rights/read-rights'
import {
  isNone,
  missingIn,
  ofKinds,
  organizationOfRole,
  organizationsIn,
  RIGHTS_KINDS,
  type RightIds,
  type Rights,
  type RightsKind,
} from '../rights/rights'
import type { LinkPolicy } from './policy-options'

/** The operator's rules of rights. */
export type RightsPolicy = Pick<LinkPolicy, RightsKind>
type WithRights = Pick<LinkingUser, 'rights'>

/** Roles that one account, or one member, can hold. */
const MAX_ROLES = 50
/** Permissions that one account can hold. */
const MAX_PERMISSIONS = 1_000
/** Bytes of JSON that ids of rights may take in a snapshot. */
const MAX_BYTES = 2_000
/** Organizations that a link may make an account a member of. */
export const MAX_ORGANIZATIONS = 5

const ruleOf = (policy: RightsPolicy, kind: RightsKind) => policy[kind] ?? 'refuse'

/** The kinds that decide whether a link is offered: of those that are dropped, nothing is read before the link. */
export const decidingKinds = (policy: RightsPolicy): RightsKind[] =>
  RIGHTS_KINDS.filter((kind) => ruleOf(policy, kind) !== 'drop')

/**
 * How much one account staying would cost: 2 if something would be lost that must not be, 1 if the other one holds something else
 * that it lacks, 0 if nothing is lost. What the operator lets go does not count.
 */
export function costOfStaying(staying: WithRights, ending: WithRights, policy: RightsPolicy): number {
  const missing = missingIn(staying.rights, ending.rights, (kind) => ruleOf(policy, kind) !== 'drop')
  if (isNone(missing)) return 0
  return lossOf(staying, ending, policy) ? 2 : 1
}

/** Why two accounts are not linked because of what would be lost; undefined if nothing would be that must not be. */
export function lossOf(
  staying: WithRights,
  ending: WithRights,
  policy: RightsPolicy,
): LinkRefusal | undefined {
  const missing = missingIn(staying.rights, ending.rights)
  const kind = RIGHTS_KINDS.find((each) => missing[each] && ruleOf(policy, each) === 'refuse')
  if (kind) return `${kind}_lost`
  // An account that is weaker than the one that ends is given nothing of it.
  const isGiven = RIGHTS_KINDS.some((each) => missing[each] && ruleOf(policy, each) === 'carry')
  return missing.factors && policy.factors === 'enroll' && isGiven ? 'factors_lost' : undefined
}

/** Whether an operator's rule is about something that the operator granted no scope to read. */
export const isUnread = ({ rights }: WithRights, policy: RightsPolicy): boolean =>
  rights !== undefined &&
  RIGHTS_KINDS.some((kind) => policy[kind] !== undefined && policy[kind] !== 'drop' && !rights[kind])

/**
 * Plans what becomes of the rights of an account that ends, once it is known that the link is not refused for them. Every id stands
 * in one of the lists.
 */
export function planRights(staying: WithRights, ending: WithRights, policy: RightsPolicy): KeptRights {
  const missing = missingIn(staying.rights, ending.rights)
  const held = ofKinds((kind) => Object.keys(ending.rights?.[kind] ?? {}))
  const isGiven = (kind: RightsKind) => ruleOf(policy, kind) === 'carry'
  // If it is not known what the account that stays holds, all of it may be lost.
  const isShared = (kind: RightsKind, id: string) =>
    staying.rights?.[kind] !== undefined && !missing[kind]?.includes(id)
  return {
    given: ofKinds((kind) => (isGiven(kind) ? (missing[kind] ?? []) : [])),
    dropped: ofKinds((kind) =>
      (held[kind] ?? []).filter(
        (id) => !isShared(kind, id) && !(isGiven(kind) && missing[kind]?.includes(id)),
      ),
    ),
    shared: ofKinds((kind) => (held[kind] ?? []).filter((id) => isShared(kind, id))),
  }
}

/** Whether a plan is more than an account can hold, a snapshot can keep, or a login has time for. */
export function isTooMany({ rights = {} }: WithRights, plan: KeptRights): boolean {
  const after = (kind: RightsKind) => [...Object.keys(rights[kind] ?? {}), ...(plan.given[kind] ?? [])]
  const memberships = after('memberships')
  const givenTo = organizationsIn(plan.given.memberships)
  const held = organizationsIn(Object.values(plan).flatMap((ids: RightIds) => ids.memberships ?? []))
  const common = held.filter((id) => memberships.includes(id))
  // Eight lists and their further pages, the roles of members, what is open to those who join, and what is given.
  const calls = 10 + after('permissions').length / 100 + held.length + common.length + 2 * givenTo.length
  return (
    after('roles').length > MAX_ROLES ||
    after('permissions').length > MAX_PERMISSIONS ||
    givenTo.length > MAX_ORGANIZATIONS ||
    givenTo.some((id) => memberships.filter((each) => organizationOfRole(each) === id).length > MAX_ROLES) ||
    bytesOf(plan) > MAX_BYTES ||
    calls > MAX_CALLS
  )
}

/** A hash of what an account is to be given, which tells whether it is still what its owner agreed to. */
export const digestOfGiven = ({ given }: Pick<KeptRights, 'given'>): Promise<string> =>
  hash12(JSON.stringify(ofKinds((kind) => [...(given[kind] ?? [])].sort())))

/** What the tenant calls some rights of an account. */
export const namesOfRights = ({ rights = {} }: { rights?: Rights | undefined }, ids: RightIds): RightIds =>
  ofKinds((kind) => (ids[kind] ?? []).map((id) => rights[kind]?.[id] ?? id))
