import { RIGHTS_KINDS, type RightsKind } from '../../../core'
import { isNamed, mayBeNamed } from '../../../core/rules/connection-list'
import { rulesWith, scopesOf, scopesToLink, variablesOf } from '../../shared/rights-scopes'
import { createFinding, type Finding } from '../catalogue'
import type { DoctorCheck, InstallationFacts, OrganizationFacts } from '../facts'

const RUN_APPLY = 'Run npm run provision -- apply.'
/** The most organizations that a finding names. */
const MAX_NAMES = 10

/** Whether the granted scopes are enough to read and carry over rights as the operator's rules say. */
export const checkRights: DoctorCheck = (facts) => [...checkPage(facts), ...checkScopes(facts)]

/** With `LINKING_AUTHORITY=user`, the page "Sign-in methods" cannot read rights, so it cannot follow rules about them. */
function checkPage({ config: { linkingAuthority, policy } }: InstallationFacts): Finding[] {
  const set = RIGHTS_KINDS.filter((kind) => ['refuse', 'carry'].includes(policy[kind] ?? ''))
  if (linkingAuthority !== 'user' || set.length === 0) return []
  const what = `${variablesOf(set)} of the service cannot be followed with LINKING_AUTHORITY=user, so the page connects nothing.`
  const fix = `Remove ${variablesOf(set)} from the service's environment, or set it to drop. The Action can be told apart, with ACCOUNT_LINKING_ before the name.`
  return [createFinding('rights_unread', what, fix)]
}

function checkScopes({ desired: { rights }, granted }: InstallationFacts): Finding[] {
  if (!granted || !('scopes' in granted)) return []
  // Nothing works without read:users. `checkManagement` reports that.
  const missing = (scopes: readonly string[]) =>
    scopes.filter((scope) => scope !== 'read:users' && !granted.scopes.includes(scope))
  const rulesOf = (kind: RightsKind) => rulesWith(granted.scopes, kind, rights[kind])
  const missingOf = (kind: RightsKind) => missing(scopesOf(kind, rulesOf(kind)))
  const isRefused = (kind: RightsKind) =>
    rights[kind].some((rule) => rule !== 'drop') && missing(scopesToLink(kind, rights[kind])).length > 0
  const lacking = RIGHTS_KINDS.filter((kind) => missingOf(kind).length > 0)
  const namesOf = (kinds: RightsKind[]) => [...new Set(kinds.flatMap(missingOf))].join(' ')
  const findings: Finding[] = []
  const refused = lacking.filter(isRefused)
  if (refused.length > 0) {
    const what = `${variablesOf(refused)} cannot be followed. Not granted: ${namesOf(refused)}.`
    findings.push(createFinding('rights_unread', what, RUN_APPLY))
  }
  const lost = lacking.filter((kind) => !isRefused(kind))
  if (lost.length > 0) {
    const what = `What accounts hold of ${lost.join(', ')} cannot be read, or not be given back. Not granted: ${namesOf(lost)}.`
    const unset = lost.filter((kind) => rights[kind].length === 0)
    const fix = `Decide on ${variablesOf(unset)}, then run npm run provision -- apply: it grants what each rule takes.`
    findings.push(createFinding('rights_scopes_missing', what, unset.length > 0 ? fix : RUN_APPLY))
  }
  return findings
}

/** Whether memberships can be carried over: the person must be able to sign in through a connection of the organization. */
export const checkMemberships: DoctorCheck = ({ config, connections, organizations }) => {
  const { policy, linkingClient } = config
  const isReachable = ({ name, strategy }: OrganizationFacts['connections'][number]) => {
    const source = { provider: strategy, connection: name }
    const isTrusted = isNamed(source, policy.trusted) && !mayBeNamed(source, policy.blocked)
    const there = connections?.find((each) => each.name === name)
    return isTrusted || there?.clients.includes(linkingClient.id) === true
  }
  const unreachable = (organizations ?? []).filter((each) => !each.connections.some(isReachable))
  if (unreachable.length === 0) return []
  const names = unreachable.slice(0, MAX_NAMES).map(({ name }) => `"${name}"`)
  const more = unreachable.length - names.length
  const what = `No connection is trusted or enabled for the linking client that leads into ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`
  const fix =
    'Enable a connection of the linking client for the organization, or trust one of its own. Otherwise links that would carry a membership of it are refused.'
  return [createFinding('memberships_unreachable', what, fix)]
}
