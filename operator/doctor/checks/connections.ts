import { isNamed, mayBeNamed, parseListEntry } from '../../../core/rules/connection-list'
import { bareNames } from '../../../lib/config/bare-names'
import { createFinding, type Finding } from '../catalogue'
import type { ConnectionFacts, DoctorCheck } from '../facts'

/** Providers for which Auth0 offers its own developer keys. */
const WITH_DEVELOPER_KEYS = [
  'google-oauth2',
  'facebook',
  'github',
  'twitter',
  'linkedin',
  'windowslive',
  'apple',
]

/** Whether the connections are enabled, and whether the email addresses they report can be trusted. */
export const checkConnections: DoctorCheck = ({ config, connections }) => {
  if (!connections) return []
  const { policy, linkingClient } = config
  const isEnabled = ({ clients }: ConnectionFacts) => clients.includes(linkingClient.id)
  const trusted = connections.filter(
    (each) => isNamed(toSource(each), policy.trusted) && !mayBeNamed(toSource(each), policy.blocked),
  )
  const findings: Finding[] = [...checkNames(connections, policy.trusted)]
  for (const { variable, name } of bareNames(config)) {
    const strategy = connections.find((each) => each.name === name)?.strategy
    const fix = strategy
      ? `Write ${strategy}:${name} there, or run npm run provision -- apply, which does it.`
      : `The tenant has no connection "${name}". Remove it from ${variable}.`
    findings.push(
      createFinding('connection_name_bare', `${variable} names "${name}" without a strategy.`, fix),
    )
  }
  if (!trusted.some(isEnabled)) {
    const fix =
      'Enable the connections for the application LINKING_CLIENT_ID, or run npm run provision -- apply.'
    findings.push(
      createFinding('no_connection_enabled', 'No trusted connection is enabled for the linking client.', fix),
    )
  } else
    for (const { name } of trusted.filter((each) => !isEnabled(each))) {
      const fix = `Enable "${name}" for LINKING_CLIENT_ID. Or add it to BLOCKED_CONNECTIONS, and run npm run provision -- apply, which sets the Action's ACCOUNT_LINKING_BLOCKED_CONNECTIONS too.`
      findings.push(
        createFinding('connection_not_enabled', `"${name}" is not enabled for the linking client.`, fix),
      )
    }
  for (const each of connections) {
    if (each.isProvisioned && !mayBeNamed(toSource(each), policy.provisioned)) {
      const fix = `Add "${each.name}" to PROVISIONED_CONNECTIONS, and run npm run provision -- apply, which sets the Action's ACCOUNT_LINKING_PROVISIONED_CONNECTIONS too.`
      findings.push(
        createFinding('provisioned_unlisted', `SCIM or directory sync feeds "${each.name}".`, fix),
      )
    }
    findings.push(...checkOptions(each, trusted.includes(each)))
  }
  return findings
}

const toSource = ({ name, strategy }: ConnectionFacts) => ({ provider: strategy, connection: name })

/** Finds connections that are named like a trusted provider but have another strategy. */
function checkNames(connections: ConnectionFacts[], trusted: string[]): Finding[] {
  const providers = trusted.filter((entry) => parseListEntry(entry).kind === 'provider')
  return connections.flatMap(({ name, strategy }) => {
    const provider = providers.find((each) => each === name.toLowerCase())
    if (provider === undefined || provider === strategy) return []
    const what = `The connection "${name}" is named like a trusted provider, but its strategy is ${strategy}.`
    const fix = `Find out who created "${name}" and why, then replace it with a connection of another name.`
    return [createFinding('connection_named_like_provider', what, fix)]
  })
}

function checkOptions({ name, strategy, options: given }: ConnectionFacts, isTrusted: boolean): Finding[] {
  if (!given) return []
  const findings: Finding[] = []
  if (WITH_DEVELOPER_KEYS.includes(strategy) && !given.client_id) {
    const fix = `Give "${name}" the client id and secret of an application of your own at the provider.`
    findings.push(createFinding('developer_keys', `"${name}" uses Auth0's developer keys.`, fix))
  }
  const isSet = given.should_trust_email_verified_connection === 'always_set_emails_as_verified'
  if (isTrusted && (isSet || given.enabledDatabaseCustomization === true)) {
    const fix = `Make sure that "${name}" verifies email addresses. Or add it to BLOCKED_CONNECTIONS, and run npm run provision -- apply, which sets the Action's ACCOUNT_LINKING_BLOCKED_CONNECTIONS too.`
    const how = isSet ? 'marks every email address as verified' : 'is a database with custom scripts'
    findings.push(createFinding('email_on_trust', `"${name}" is trusted, and ${how}.`, fix))
  }
  return findings
}
