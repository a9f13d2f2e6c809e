import type { FindingCode } from '@/operator/doctor/catalogue'
import type { InstallationFacts } from '@/operator/doctor/facts'
import { fingerprint } from '@/operator/shared/fingerprint'
import { secretOf } from '@/operator/shared/optional-secrets'
import { action, client, connection, NEEDED, told } from './changes'

const APP = 'https://app.example.com'

/** Faults of applications, Actions and connections: the finding's code, part of its text, and the change that causes it. */
export const BREAKAGES_OF_TENANT: [FindingCode, string, (facts: InstallationFacts) => void][] = [
  ['application_missing', 'proof-id', client('proof-id', { client_id: 'gone' })],
  [
    'application_secret_refused',
    'LINKING_CLIENT_SECRET',
    (facts) => {
      facts.isClientSecretAccepted.proof = false
    },
  ],
  [
    'application_secret_refused',
    'AUTH0_CLIENT_SECRET',
    (facts) => {
      facts.isClientSecretAccepted.settings = false
    },
  ],
  ['callback_missing', 'proof', client('proof-id', { callbacks: ['https://elsewhere.example.com/'] })],
  ['callback_missing', 'settings', client('settings-id', { callbacks: undefined })],
  [
    'logout_url_missing',
    'settings',
    (facts) => {
      facts.desired.clients.settings.allowed_logout_urls = [APP]
    },
  ],
  ['linking_client_unmarked', 'proof', client('proof-id', { client_metadata: {} })],
  ['id_token_algorithm', 'HS256', client('proof-id', { jwt_configuration: { alg: 'HS256' } })],
  ['id_token_algorithm', 'HS256', client('proof-id', { jwt_configuration: undefined })],
  [
    'id_token_algorithm',
    'HS256',
    client('settings-id', { jwt_configuration: { lifetime_in_seconds: 36_000 } }),
  ],
  [
    'api_missing',
    `${APP}/api`,
    (facts) => {
      facts.apis?.splice(1, 1)
    },
  ],
  [
    'api_differs',
    `The API ${APP}/console has another enforce_policies.`,
    (facts) => {
      Object.assign(facts.apis?.[2] ?? {}, { enforce_policies: false })
    },
  ],
  [
    'api_differs',
    'signs with HS256.',
    (facts) => {
      Object.assign(facts.apis?.[1] ?? {}, { signing_alg: 'HS256' })
    },
  ],
  [
    'api_differs',
    'lacks the scope read:sign_in_methods.',
    (facts) => {
      Object.assign(facts.apis?.[1] ?? {}, { scopes: [{ value: 'read:others' }] })
    },
  ],
  ['action_missing', 'Account linking', action('ours', { code: 'exports.onExecutePostLogin = 1' })],
  ['action_missing', 'Account linking', action('ours', { code: '' })],
  ['action_not_deployed', 'Account linking', action('ours', { isDeployed: false })],
  [
    'action_not_bound',
    'Account linking',
    (facts) => {
      facts.bindings?.pop()
    },
  ],
  [
    'action_differs',
    'first half',
    (facts) => {
      facts.desired.action.code += '// newer'
    },
  ],
  [
    'version_differs',
    'the Action is 0.1.0.',
    action('ours', { code: '// Account linking for Auth0: post-login Action, 0.1.0\nexports' }),
  ],
  [
    'version_differs',
    'the Action is older than 0.2.0.',
    action('ours', { code: '// Account linking for Auth0: post-login Action' }),
  ],
  [
    'action_secrets_missing',
    'MANAGEMENT_API_CLIENT_ID',
    action('ours', { secrets: ['SESSION_TOKEN_SHARED_SECRET'] }),
  ],
  [
    'action_secret_differs',
    'another',
    (facts) => {
      facts.fingerprints.SESSION_TOKEN_SHARED_SECRET = 'other'
    },
  ],
  [
    'action_secret_unproven',
    'unknown',
    (facts) => {
      facts.fingerprints = {}
    },
  ],
  ['action_settings_differ', 'has for EVENTS_WEBHOOK_URL', told('EVENTS_WEBHOOK_URL', 'x')],
  ['action_settings_differ', 'has for ACCOUNT_LINKING_PRIMARY', told(secretOf('PRIMARY'), 'auth0')],
  [
    'action_settings_differ',
    'has for ACCOUNT_LINKING_PRIMARY',
    (facts) => {
      told(secretOf('PRIMARY'), 'oldest')(facts)
      action('ours', { secrets: [...NEEDED, secretOf('PRIMARY')] })(facts)
      facts.fingerprints[secretOf('PRIMARY')] = fingerprint('auth0')
    },
  ],
  [
    'action_settings_differ',
    'has ACCOUNT_LINKING_PRIMARY, which this',
    action('ours', { secrets: [...NEEDED, secretOf('PRIMARY')] }),
  ],
  ['other_primary_switch', 'Other', action('other', { code: "api.authentication.setPrimaryUser('x')" })],
  ['other_redirect', 'Other', action('other', { code: 'api.redirect.sendUserTo(url)' })],
  [
    'action_before_denial',
    'Other',
    (facts) => {
      action('other', { code: "api.access.deny('no')" })(facts)
      facts.bindings?.reverse()
    },
  ],
  ['no_connection_enabled', 'linking client', connection({ clients: ['theirs'] })],
  ...['oidc', 'samlp', 'oauth2', 'auth0', 'github'].map((strategy): (typeof BREAKAGES_OF_TENANT)[number] => [
    'connection_named_like_provider',
    'apple',
    (facts) => {
      const clients = strategy === 'auth0' || strategy === 'github' ? ['proof-id'] : []
      facts.connections?.push({ id: 'c', name: 'apple', strategy, clients, isProvisioned: false })
    },
  ]),
  [
    'connection_name_bare',
    'TRUSTED_CONNECTIONS names "acme"',
    (facts) => {
      facts.config.policy.trusted.push('acme')
      const acme = { id: 'c', name: 'acme', strategy: 'samlp', clients: ['proof-id'], isProvisioned: false }
      facts.connections?.push(acme)
    },
  ],
  [
    'connection_name_bare',
    'PRIMARY names "gone"',
    (facts) => {
      facts.config.policy.primary = ['gone', 'oldest']
    },
  ],
  [
    'connection_name_bare',
    'CONNECT_CONNECTIONS names "gone"',
    (facts) => {
      facts.config.connectConnections = ['gone', 'github']
    },
  ],
  [
    'connection_not_enabled',
    'second',
    (facts) => {
      facts.connections?.push({
        id: 'c',
        name: 'second',
        strategy: 'auth0',
        clients: [],
        isProvisioned: false,
      })
    },
  ],
  ['developer_keys', 'github', connection({ options: {} })],
  ['provisioned_unlisted', 'github', connection({ isProvisioned: true })],
  [
    'email_on_trust',
    'every email address',
    connection({
      options: { client_id: 'x', should_trust_email_verified_connection: 'always_set_emails_as_verified' },
    }),
  ],
  [
    'email_on_trust',
    'scripts',
    connection({ options: { client_id: 'x', enabledDatabaseCustomization: true } }),
  ],
  [
    'rate_limit_low',
    '10 calls',
    (facts) => {
      facts.burst = 10
    },
  ],
  [
    'leftover_rule',
    'extension',
    (facts) => {
      facts.rules = ['auth0-account-link-extension']
    },
  ],
  ['leftover_client', 'theirs', client('theirs', { name: 'auth0-account-link' })],
  [
    'not_checked',
    'Rules',
    (facts) => {
      facts.unread = [{ what: 'Rules', reason: 'No.', fix: 'Grant it.' }]
    },
  ],
]
