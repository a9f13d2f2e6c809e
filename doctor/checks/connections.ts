import { isOf } from '../../lib/linking/policy'
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
  const isAmong = ({ strategy, name }: ConnectionFacts, names: string[]) =>
    isOf({ provider: strategy, connection: name }, names)
  const trusted = connections.filter(
    (each) => isAmong(each, policy.trusted) && !isAmong(each, policy.blocked),
  )
  const findings: Finding[] = []
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
    if (each.isProvisioned && !isAmong(each, policy.provisioned)) {
      const fix = `Add "${each.name}" to PROVISIONED_CONNECTIONS, and to the Action's ACCOUNT_LINKING_PROVISIONED_CONNECTIONS: npm run provision -- apply.`
      findings.push(found('provisioned_unlisted', `"${each.name}" is fed by SCIM or directory sync.`, fix))
    }
    findings.push(...options(each, trusted.includes(each)))
  }
  return findings
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
