/**
 * The operator's rules about rights, and the Management API scopes that they need.
 * @module
 */
import { RIGHTS_KINDS, type RightsKind } from '../../core'
import { CARRY_SCOPES, READ_SCOPES } from '../../core/rights/read-rights'
import { POLICY_OPTIONS } from '../../core/rules/policy-options'
import { readOption } from '../../core/rules/read-options'
import type { Variables } from './env-file'
import { secretOf } from './optional-secrets'

/**
 * What a link does with rights that only the secondary account has: `refuse` the link, `carry` them over to the primary
 * account, ask the person to `enroll` (factors only), or `drop` them.
 */
export type RightsRule = 'refuse' | 'carry' | 'enroll' | 'drop'

/**
 * The rules of the service and of the Action for each kind of rights. The two may differ. The list is empty if neither has a
 * rule.
 */
export type RightsRules = Readonly<Record<RightsKind, readonly RightsRule[]>>

/**
 * Reads the rules about rights.
 *
 * @param values - The service's environment. A rule for the Action alone has the name of the Action's secret there.
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

/** The scope that the page "Sign-in methods" needs to let people set up a factor. */
const ENROLL_SCOPE = 'create:guardian_enrollment_tickets'

/** The scopes without which links are refused although the rules would allow them. */
export const scopesToLink = (kind: RightsKind, rules: readonly RightsRule[]): string[] => [
  ...READ_SCOPES[kind],
  ...(rules.includes('carry') ? carryScopes(kind) : []),
]

/** {@link scopesToLink}, the scopes to restore rights at an undo if there is any rule, and the scope that `enroll` needs. */
export const scopesOf = (kind: RightsKind, rules: readonly RightsRule[]): string[] => [
  ...scopesToLink(kind, rules),
  ...(rules.length > 0 ? carryScopes(kind).filter((scope) => scope.startsWith('create:')) : []),
  ...(kind === 'factors' && rules.includes('enroll') ? [ENROLL_SCOPE] : []),
]

/** The scopes for carrying a kind over and for reverting that. Factors cannot be carried over, so they need none. */
const carryScopes = (kind: RightsKind): readonly string[] => (kind === 'factors' ? [] : CARRY_SCOPES[kind])

/** The scopes for every kind that has a rule. */
export const scopesInUse = (rights: RightsRules): string[] =>
  RIGHTS_KINDS.flatMap((kind) => (rights[kind].length > 0 ? scopesOf(kind, rights[kind]) : []))

/** The rules that apply to a kind with the granted scopes: without a rule, `refuse` applies if the kind can be read. */
export const rulesWith = (
  granted: readonly string[],
  kind: RightsKind,
  rules: readonly RightsRule[],
): readonly RightsRule[] =>
  rules.length === 0 && READ_SCOPES[kind].every((scope) => granted.includes(scope)) ? ['refuse'] : rules

/** The scopes that have a use for rights. For a kind with a rule, also those for carrying it over: an undo may need them. */
export const scopesOfUse = (granted: readonly string[], rights: RightsRules): string[] =>
  RIGHTS_KINDS.flatMap((kind) =>
    scopesOf(kind, rulesWith(granted, kind, rights[kind]).length > 0 ? ['carry', 'enroll'] : []),
  )

/** The variables for some kinds, separated by commas. */
export const variablesOf = (kinds: readonly RightsKind[]): string =>
  kinds.map((kind) => POLICY_OPTIONS[kind].name).join(', ')
