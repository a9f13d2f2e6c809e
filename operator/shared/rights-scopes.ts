/**
 * What the operator decided on rights, and the scopes of the Management API that it takes.
 * @module
 */
import { RIGHTS_KINDS, type RightsKind } from '../../core'
import { CARRY_SCOPES, READ_SCOPES } from '../../core/rights/read-rights'
import { POLICY_OPTIONS } from '../../core/rules/policy-options'
import { readOption } from '../../core/rules/read-options'
import type { Variables } from './env-file'
import { secretOf } from './further-secrets'

/** What is done with a kind of rights. */
export type RightsRule = 'refuse' | 'carry' | 'enroll' | 'drop'

/** What service and Action are told to do with each kind; nothing if neither is told. The Action may be told something else. */
export type RightsRules = Readonly<Record<RightsKind, readonly RightsRule[]>>

/**
 * Reads the rules of rights.
 *
 * @param values - Of the service's environment; what the Action alone is told stands there under the name of its secret.
 */
export function rightsRules(values: Variables): RightsRules {
  const rulesOf = (kind: RightsKind): RightsRule[] => {
    const option = POLICY_OPTIONS[kind]
    const texts = [values[option.name], values[secretOf(option.name)]]
    return texts.flatMap((text) => readOption(option, text).value ?? [])
  }
  return {
    roles: rulesOf('roles'),
    permissions: rulesOf('permissions'),
    memberships: rulesOf('memberships'),
    factors: rulesOf('factors'),
  }
}

/** The scope with which the page leads to setting up a factor. */
const ENROLL_SCOPE = 'create:guardian_enrollment_tickets'

/** The scopes without which a link is refused that the rules would allow. */
export const scopesToLink = (kind: RightsKind, rules: readonly RightsRule[]): string[] => [
  ...READ_SCOPES[kind],
  ...(rules.includes('carry') ? carryScopes(kind) : []),
]

/** These, and with any rule those that an undo gives back with: what both accounts held, and what was dropped. */
export const scopesOf = (kind: RightsKind, rules: readonly RightsRule[]): string[] => [
  ...scopesToLink(kind, rules),
  ...(rules.length > 0 ? carryScopes(kind).filter((scope) => scope.startsWith('create:')) : []),
  ...(kind === 'factors' && rules.includes('enroll') ? [ENROLL_SCOPE] : []),
]

/** The scopes that it takes to carry a kind over, and to take it back. */
const carryScopes = (kind: RightsKind): readonly string[] => (kind === 'factors' ? [] : CARRY_SCOPES[kind])

/** The scopes of every kind that a rule is about. */
export const scopesInUse = (rights: RightsRules): string[] =>
  RIGHTS_KINDS.flatMap((kind) => (rights[kind].length > 0 ? scopesOf(kind, rights[kind]) : []))

/** The rule that holds for a kind with some scopes: without one, what can be read is kept from being lost. */
export const rulesWith = (
  granted: readonly string[],
  kind: RightsKind,
  rules: readonly RightsRule[],
): readonly RightsRule[] =>
  rules.length === 0 && READ_SCOPES[kind].every((scope) => granted.includes(scope)) ? ['refuse'] : rules

/** The scopes that are of use to rights, of those that are granted: an undo of earlier links takes those that carry, too. */
export const scopesOfUse = (granted: readonly string[], rights: RightsRules): string[] =>
  RIGHTS_KINDS.flatMap((kind) =>
    scopesOf(kind, rulesWith(granted, kind, rights[kind]).length > 0 ? ['carry', 'enroll'] : []),
  )

/** The variables of some kinds, as a list in a sentence. */
export const variablesOf = (kinds: readonly RightsKind[]): string =>
  kinds.map((kind) => POLICY_OPTIONS[kind].name).join(', ')
