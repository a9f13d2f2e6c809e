/**
 * The operator's rules on rights (roles, permissions, memberships, factors): whether those of the secondary account rule out the
 * link, are given to the primary account, or are lost.
 * @module
 */
import type { LinkRefusal } from '../errors'
import { hash12 } from '../hash'
import { bytesOf, type LinkingUser } from '../identity'
import type { KeptRights } from '../records/snapshot'
import { MAX_CALLS } from '../rights/read-rights'
import {
  collectRightIds,
  hasNoRights,
  organizationOfRole,
  organizationsIn,
  RIGHTS_KINDS,
  type RightIds,
  type Rights,
  type RightsKind,
  rightsMissingIn,
} from '../rights/rights'
import type { LinkPolicy } from './policy-options'

/** The operator's rule for each kind of rights. */
export type RightsPolicy = Pick<LinkPolicy, RightsKind>
type WithRights = Pick<LinkingUser, 'rights'>

/** The most roles that one account can have, and that it can have in one organization. */
const MAX_ROLES = 50
/** The most permissions that one account can have. */
const MAX_PERMISSIONS = 1_000
/** The most bytes of JSON that the ids of rights may take in a snapshot (what a link keeps of the secondary account). */
const MAX_BYTES = 2_000
/** The most organizations that one link may make the primary account a member of. */
export const MAX_ORGANIZATIONS = 5

const ruleOf = (policy: RightsPolicy, kind: RightsKind) => policy[kind] ?? 'refuse'

/** The kinds of rights that decide whether a link is offered. Kinds with the rule `drop` do not, so offers do not read them. */
export const decidingKinds = (policy: RightsPolicy): RightsKind[] =>
  RIGHTS_KINDS.filter((kind) => ruleOf(policy, kind) !== 'drop')

/**
 * The cost of making one of two accounts the primary one: 2 if the link would lose a right that must not be lost, 1 if the other
 * account has other rights that this one lacks, 0 if it lacks none. Kinds with the rule `drop` do not count.
 */
export function costOfStaying(primary: WithRights, secondary: WithRights, policy: RightsPolicy): number {
  const missing = rightsMissingIn(primary.rights, secondary.rights, (kind) => ruleOf(policy, kind) !== 'drop')
  if (hasNoRights(missing)) return 0
  return rightsLossRefusal(primary, secondary, policy) ? 2 : 1
}

/** The refusal of a link that would lose rights which must not be lost; undefined if it would lose none. */
export function rightsLossRefusal(
  primary: WithRights,
  secondary: WithRights,
  policy: RightsPolicy,
): LinkRefusal | undefined {
  const missing = rightsMissingIn(primary.rights, secondary.rights)
  const kind = RIGHTS_KINDS.find((each) => missing[each] && ruleOf(policy, each) === 'refuse')
  if (kind) return `${kind}_lost`
  // A primary account that lacks the secondary account's factors is less protected, so it must not get the other's rights.
  const isGiven = RIGHTS_KINDS.some((each) => missing[each] && ruleOf(policy, each) === 'carry')
  return missing.factors && policy.factors === 'enroll' && isGiven ? 'factors_lost' : undefined
}

/** Whether the operator set a rule other than `drop` for a kind of rights, but granted no scope to read that kind. */
export const lacksRightsScope = ({ rights }: WithRights, policy: RightsPolicy): boolean =>
  rights !== undefined &&
  RIGHTS_KINDS.some((kind) => policy[kind] !== undefined && policy[kind] !== 'drop' && !rights[kind])

/**
 * Plans what happens to the rights of the secondary account, once {@link rightsLossRefusal} has found no reason to refuse
 * the link. Every id is in exactly one of the lists.
 */
export function planRights(primary: WithRights, secondary: WithRights, policy: RightsPolicy): KeptRights {
  const missing = rightsMissingIn(primary.rights, secondary.rights)
  const held = collectRightIds((kind) => Object.keys(secondary.rights?.[kind] ?? {}))
  const isGiven = (kind: RightsKind) => ruleOf(policy, kind) === 'carry'
  // If this kind was not read for the primary account, nothing counts as shared, because all of it may be lost.
  const isShared = (kind: RightsKind, id: string) =>
    primary.rights?.[kind] !== undefined && !missing[kind]?.includes(id)
  return {
    given: collectRightIds((kind) => (isGiven(kind) ? (missing[kind] ?? []) : [])),
    dropped: collectRightIds((kind) =>
      (held[kind] ?? []).filter(
        (id) => !isShared(kind, id) && !(isGiven(kind) && missing[kind]?.includes(id)),
      ),
    ),
    shared: collectRightIds((kind) => (held[kind] ?? []).filter((id) => isShared(kind, id))),
  }
}

/** Whether a plan gives more rights than an account can have, or needs more than a snapshot can keep or a login has time for. */
export function isTooMany({ rights = {} }: WithRights, plan: KeptRights): boolean {
  const after = (kind: RightsKind) => [...Object.keys(rights[kind] ?? {}), ...(plan.given[kind] ?? [])]
  const memberships = after('memberships')
  const givenTo = organizationsIn(plan.given.memberships)
  const held = organizationsIn(Object.values(plan).flatMap((ids: RightIds) => ids.memberships ?? []))
  const common = held.filter((id) => memberships.includes(id))
  // Estimates the API calls: eight lists and their further pages, the roles in organizations, the connections of the
  // organizations to join, and the calls that give rights.
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

/** A hash of the rights that the primary account is to get. It tells whether these are still the ones that the owner agreed to. */
export const digestOfGiven = ({ given }: Pick<KeptRights, 'given'>): Promise<string> =>
  hash12(JSON.stringify(collectRightIds((kind) => [...(given[kind] ?? [])].sort())))

/** The names that the tenant shows for some rights of an account. If a name is unknown, its id is returned instead. */
export const namesOfRights = ({ rights = {} }: { rights?: Rights | undefined }, ids: RightIds): RightIds =>
  collectRightIds((kind) => (ids[kind] ?? []).map((id) => rights[kind]?.[id] ?? id))
