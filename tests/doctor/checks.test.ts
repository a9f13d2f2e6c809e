import { describe, expect, it } from 'vitest'
import { CATALOGUE, type FindingCode } from '@/doctor/catalogue'
import { CHECKS } from '@/doctor/checks/all'
import type { ConnectionFacts, Facts, ServiceFacts } from '@/doctor/facts'
import type { ActualAction } from '@/provision/actual'
import { fingerprint } from '@/provision/fingerprint'
import { secretOf } from '@/provision/further-secrets'
import { DESIRED } from '../provision/a-tenant'
import { healthy } from './healthy'

const judge = (facts: Facts) => CHECKS.flatMap((check) => check(facts))

const service = (change: Partial<ServiceFacts>) => (facts: Facts) => {
  if (facts.service) Object.assign(facts.service, change)
}
const client = (id: string, change: object) => (facts: Facts) => {
  Object.assign(facts.clients?.find((each) => each.client_id === id) ?? {}, change)
}
const action = (id: string, change: Partial<ActualAction>) => (facts: Facts) => {
  Object.assign(facts.actions?.find((each) => each.id === id) ?? {}, change)
}
const connection = (change: Partial<ConnectionFacts>) => (facts: Facts) => {
  Object.assign(facts.connections?.[0] ?? {}, change)
}
const granted = (change: (scopes: string[]) => string[]) => (facts: Facts) => {
  if (facts.granted && 'scopes' in facts.granted) facts.granted.scopes = change(facts.granted.scopes)
}
/** The environment has a value for a secret of the Action that may be left out. */
const told = (name: string, value: string) => (facts: Facts) => {
  facts.desired.action.secrets.push({ name, value })
  facts.desired.further.push(name)
}
const NEEDED = DESIRED.action.secrets.map(({ name }) => name)
const loginAt = (url: string) => service({ login: { url: new URL(url), cookies: [] } })
const APP = 'https://app.example.com'

/** Each breaks one thing. Those that no facts are gathered for are in main.test.ts. */
const BREAKAGES: [FindingCode, string, (facts: Facts) => void][] = [
  [
    'login_domain_wrong',
    'login.example.org',
    (facts) => {
      facts.wrongLoginIssuers = ['https://login.example.org/']
    },
  ],
  [
    'canonical_domain_wrong',
    'tenant.example.com',
    (facts) => {
      facts.isCanonicalIssuer = false
    },
  ],
  ['clock_skew', '40 s behind', service({ clock: -40 })],
  [
    'clock_skew',
    '40 s ahead',
    (facts) => {
      facts.clock = -40
    },
  ],
  [
    'management_credentials_refused',
    '401',
    (facts) => {
      facts.granted = { status: 401 }
    },
  ],
  ['scopes_missing', 'read:users', granted((scopes) => scopes.filter((each) => each !== 'read:users'))],
  ['scopes_excess', 'delete:clients', granted((scopes) => [...scopes, 'delete:clients'])],
  [
    'scopes_optional_missing',
    'read:sessions',
    granted((scopes) => scopes.filter((each) => each !== 'read:sessions')),
  ],
  [
    'service_unreachable',
    APP,
    (facts) => {
      facts.service = undefined
    },
  ],
  ['service_not_offering', APP, service({ isOffering: false })],
  ['service_not_ready', 'redis', service({ down: ['redis'] })],
  [
    'store_per_instance',
    'REDIS_URL',
    (facts) => {
      facts.config.redisUrl = undefined
    },
  ],
  ['service_secret_differs', APP, service({ takesSecret: false })],
  ['previous_secret_refused', APP, service({ takesPrevious: false })],
  [
    'service_origin_wrong',
    'http://internal',
    loginAt(
      `https://login.example.com/authorize?client_id=settings-id&redirect_uri=http://internal/auth/callback`,
    ),
  ],
  [
    'service_client_differs',
    'another',
    loginAt(`https://login.example.com/authorize?client_id=other&redirect_uri=${APP}/auth/callback`),
  ],
  [
    'cookie_flags',
    'a',
    service({
      login: {
        url: new URL(`https://login.example.com/?client_id=settings-id&redirect_uri=${APP}/`),
        cookies: ['a=b; HttpOnly; SameSite=Lax'],
      },
    }),
  ],
  ['transport_not_strict', 'strict', service({ isStrict: false })],
  ['application_missing', 'proof-id', client('proof-id', { client_id: 'gone' })],
  [
    'application_secret_refused',
    'LINKING_CLIENT_SECRET',
    (facts) => {
      facts.takesSecret.proof = false
    },
  ],
  [
    'application_secret_refused',
    'AUTH0_CLIENT_SECRET',
    (facts) => {
      facts.takesSecret.settings = false
    },
  ],
  ['callback_missing', 'proof', client('proof-id', { callbacks: ['https://elsewhere.example.com/'] })],
  [
    'logout_url_missing',
    'settings',
    (facts) => {
      facts.desired.clients.settings.allowed_logout_urls = [APP]
    },
  ],
  ['linking_client_unmarked', 'proof', client('proof-id', { client_metadata: {} })],
  ['id_token_algorithm', 'HS256', client('proof-id', { jwt_configuration: { alg: 'HS256' } })],
  ['action_missing', 'Account linking', action('ours', { code: 'exports.onExecutePostLogin = 1' })],
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
    'not known',
    (facts) => {
      facts.fingerprints = {}
    },
  ],
  ['action_settings_differ', 'says of EVENTS_WEBHOOK_URL', told('EVENTS_WEBHOOK_URL', 'x')],
  ['action_settings_differ', 'says of ACCOUNT_LINKING_PRIMARY', told(secretOf('PRIMARY'), 'auth0')],
  [
    'action_settings_differ',
    'says of ACCOUNT_LINKING_PRIMARY',
    (facts) => {
      told(secretOf('PRIMARY'), 'oldest')(facts)
      action('ours', { secrets: [...NEEDED, secretOf('PRIMARY')] })(facts)
      facts.fingerprints[secretOf('PRIMARY')] = fingerprint('auth0')
    },
  ],
  [
    'action_settings_differ',
    'has ACCOUNT_LINKING_PRIMARY, of which',
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
    'every address',
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
    '2 calls',
    (facts) => {
      facts.burst = 2
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

describe('CHECKS', () => {
  it('find nothing where nothing is wrong', () => {
    expect(judge(healthy())).toEqual([])
  })

  it.each(BREAKAGES)('find %s: %s', (code, words, breakIt) => {
    const facts = healthy()
    breakIt(facts)
    const findings = judge(facts)
    expect(findings.map((each) => each.code)).toEqual([code])
    expect(findings[0]).toMatchObject({ ...CATALOGUE[code], what: expect.stringContaining(words) })
    expect(findings[0]?.fix).toMatch(/^[A-Z].{8}/)
  })

  it('leave alone what could not be read, an extension of another name and an untrusted connection', () => {
    const facts = healthy()
    const unknown = { clients: undefined, connections: undefined, actions: undefined, bindings: undefined }
    expect(judge({ ...facts, ...unknown, rules: undefined, granted: undefined })).toEqual([])
    facts.rules = ['account-links-of-ours']
    facts.config.policy.blocked = ['second']
    facts.connections?.push({ id: 'c', name: 'second', strategy: 'auth0', clients: [], isProvisioned: false })
    expect(judge(facts)).toEqual([])
  })

  it('take a rule for told that the Action has without being told, or was told by hand', () => {
    const facts = healthy()
    told(secretOf('TRUSTED_CONNECTIONS'), 'auth0, email,google-oauth2,apple,github')(facts)
    told(secretOf('PRIMARY'), 'github')(facts)
    action('ours', { secrets: [...NEEDED, secretOf('PRIMARY'), 'ACCOUNT_LINKING_MODE'] })(facts)
    expect(judge(facts)).toEqual([])
  })

  it('judge one application where people sign in to the page with that of the proof', () => {
    const facts = healthy()
    facts.desired.parts = ['proof', 'management']
    facts.config.sessionClient = { ...facts.config.linkingClient }
    facts.takesSecret = { settings: false, proof: false }
    facts.service = undefined
    expect(judge(facts).map(({ code }) => code)).toEqual([
      'application_secret_refused',
      'service_unreachable',
    ])
  })

  it('have a breakage each', () => {
    const broken = new Set<string>(BREAKAGES.map(([code]) => code)).add('environment_unusable')
    expect(Object.keys(CATALOGUE).filter((code) => !broken.has(code))).toEqual([])
  })
})
