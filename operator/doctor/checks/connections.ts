import { isNamed, mayBeNamed, parseListEntry } from '../../../core/rules/connection-list'
import { bareNames } from '../../../lib/config/bare-names'
import { type Finding, found } from '../catalogue'
import type { Check, ConnectionFacts } from '../facts'

/** Providers for which Auth0 has keys of its own to try them out with. */
const WITH_DEVELOPER_KEYS = [
  'google-oauth2',
  'facebook',
  'github',
  'twitter',
  'linkedin',
  'windowslive',
  'apple',
]

/** Whether the connections are enabled, and what their word on an address is worth. */
export const checkConnections: Check = ({ config, connections }) => {
  if (!connections) return []
  const { policy, linkingClient } = config
  const isEnabled = ({ clients }: ConnectionFacts) => clients.includes(linkingClient.id)
  const trusted = connections.filter(
    (each) => isNamed(toSource(each), policy.trusted) && !mayBeNamed(toSource(each), policy.blocked),
  )
  const findings: Finding[] = [...namedLikeProvider(connections, policy.trusted)]
  for (const { variable, name } of bareNames(config)) {
    const strategy = connections.find((each) => each.name === name)?.strategy
    const fix = strategy
      ? `Write ${strategy}:${name} there: npm run provision -- apply does.`
      : `The tenant has no connection "${name}". Take it out of ${variable}.`
    findings.push(found('connection_name_bare', `${variable} names "${name}" without a strategy.`, fix))
  }
  if (!trusted.some(isEnabled)) {
    const fix =
      'Enable the connections for the application LINKING_CLIENT_ID, or run npm run provision -- apply.'
    findings.push(
      found('no_connection_enabled', 'No trusted connection is enabled for the linking client.', fix),
    )
  } else
    for (const { name } of trusted.filter((each) => !isEnabled(each))) {
      const fix = `Enable "${name}" for LINKING_CLIENT_ID, or add it to BLOCKED_CONNECTIONS, and to the Action's ACCOUNT_LINKING_BLOCKED_CONNECTIONS: npm run provision -- apply.`
      findings.push(found('connection_not_enabled', `"${name}" is not enabled for the linking client.`, fix))
    }
  for (const each of connections) {
    if (each.isProvisioned && !mayBeNamed(toSource(each), policy.provisioned)) {
      const fix = `Add "${each.name}" to PROVISIONED_CONNECTIONS, and to the Action's ACCOUNT_LINKING_PROVISIONED_CONNECTIONS: npm run provision -- apply.`
      findings.push(found('provisioned_unlisted', `"${each.name}" is fed by SCIM or directory sync.`, fix))
    }
    findings.push(...options(each, trusted.includes(each)))
  }
  return findings
}

const toSource = ({ name, strategy }: ConnectionFacts) => ({ provider: strategy, connection: name })

/** Connections that have the name of a trusted provider and are of another one. */
function namedLikeProvider(connections: ConnectionFacts[], trusted: string[]): Finding[] {
  const providers = trusted.filter((entry) => parseListEntry(entry).kind === 'provider')
  return connections.flatMap(({ name, strategy }) => {
    const provider = providers.find((each) => each === name.toLowerCase())
    if (provider === undefined || provider === strategy) return []
    const what = `The connection "${name}" has the name of a trusted provider, and its strategy is ${strategy}.`
    const fix = `Find out who made "${name}" and what for, then replace it by a connection of another name.`
    return [found('connection_named_like_provider', what, fix)]
  })
}

function options({ name, strategy, options: given }: ConnectionFacts, isTrusted: boolean): Finding[] {
  if (!given) return []
  const findings: Finding[] = []
  if (WITH_DEVELOPER_KEYS.includes(strategy) && !given.client_id) {
    const fix = `Give "${name}" the client id and secret of an application of your own at the provider.`
    findings.push(found('developer_keys', `"${name}" runs with Auth0's developer keys.`, fix))
  }
  const isSet = given.should_trust_email_verified_connection === 'always_set_emails_as_verified'
  if (isTrusted && (isSet || given.enabledDatabaseCustomization === true)) {
    const fix = `See that "${name}" verifies addresses, or add it to BLOCKED_CONNECTIONS, and to the Action's ACCOUNT_LINKING_BLOCKED_CONNECTIONS: npm run provision -- apply.`
    const how = isSet ? 'takes every address for verified' : 'is a database with scripts of its own'
    findings.push(found('email_on_trust', `"${name}" is trusted, and ${how}.`, fix))
  }
  return findings
}
