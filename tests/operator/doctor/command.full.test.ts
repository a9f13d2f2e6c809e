import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Finding } from '@/operator/doctor/catalogue'
import { scopesOf } from '@/operator/shared/rights-scopes'
import { DOCTOR_SCOPES, OPERATOR_SCOPES, Operator } from '../../support/operator/operator'
import { aTenant } from '../../support/tenant/tenant'

/** Long enough for the commands to finish while other tests run. */
const TEST_TIMEOUT_MS = 30_000
const OPERATOR = 'linking-m2m'
const tenant = await aTenant()
const { state } = tenant
/** Scopes to read accounts and memberships. */
const SCOPES = ['read:users', ...scopesOf('memberships', ['carry'])]
/** An origin that is no tenant's issuer, because this tenant has no custom hosts. */
const STRANGER = tenant.loginOrigin.replace('localhost', '127.0.0.1')

function person(user_id: string, user_metadata: Record<string, unknown> = {}) {
  const [provider = '', id = ''] = user_id.split('|')
  const connection = provider === 'auth0' ? 'Username-Password-Authentication' : provider
  return {
    ...{ user_id, user_metadata, email: `${id}@example.com`, email_verified: true },
    identities: [{ provider, user_id: id, connection }],
  }
}

let operator: Operator
beforeAll(async () => {
  state.reset({
    connections: [
      { name: 'Username-Password-Authentication', strategy: 'auth0' },
      { name: 'github', strategy: 'github' },
      { name: 'acme-saml', strategy: 'samlp', scim_configuration: {} },
      { name: 'acme-apps', strategy: 'google-apps', directory_provisioning: {} },
      { name: 'other-saml', strategy: 'samlp' },
      { name: 'other-apps', strategy: 'google-apps' },
    ],
    organizations: [
      { name: 'open', connections: ['acme-saml', 'github'] },
      { name: 'closed', connections: [] },
    ],
    roles: [{ name: 'editor' }, { name: 'owner' }],
    users: [
      person('auth0|large', { essay: 'x'.repeat(8_000) }),
      { ...person('auth0|kim'), roles: ['editor'] },
      { ...person('github|kim'), roles: ['owner'], organizations: [{ name: 'open', roles: ['owner'] }] },
    ],
    rules: [{ name: 'auth0-account-link-extension' }, { name: 'auth0-account-link', enabled: false }],
  })
  granted([...OPERATOR_SCOPES, ...DOCTOR_SCOPES])
  const left = {
    callbacks: [],
    allowed_logout_urls: [],
    web_origins: [],
    client_metadata: {},
    grant_types: [],
  }
  state.clients.set('left', { ...left, client_id: 'left', name: 'auth0-account-link' })
  operator = new Operator(tenant, {
    APP_BASE_URL: 'http://localhost:9',
    MEMBERSHIPS: 'carry',
    AUTH0_DOMAIN: `${tenant.loginOrigin},${STRANGER}`,
    AUTH0_PROVISION_CLIENT_ID: OPERATOR,
    AUTH0_PROVISION_CLIENT_SECRET: state.clients.get(OPERATOR)?.client_secret ?? '',
  })
  const { status, output } = await operator.run('apply', '--yes')
  if (status !== 0) throw new Error(output)
}, TEST_TIMEOUT_MS)
afterAll(() => operator.close())

const granted = (scopes: string[], ofService: string[] = ['read:users']) =>
  state.changeOptions({
    management_scopes: {
      [OPERATOR]: scopes,
      ...(operator && { [operator.env().MANAGEMENT_API_CLIENT_ID ?? '']: ofService }),
    },
  })

async function examine(...args: string[]) {
  const { status, output } = await operator.examine('--json', ...args)
  const { findings, logins }: { findings: Finding[]; logins: unknown[] } = JSON.parse(output)
  return { status, findings, logins }
}

describe('npm run doctor', () => {
  it(
    'reads domains, connections, organizations, Rules, applications and users of the tenant, and finds no user who does not exist',
    async () => {
      const { status, findings, logins } = await examine('--user', 'auth0|unknown')
      expect([status, logins]).toEqual([2, []])
      expect(findings.map(({ code, what }) => [code, what])).toEqual([
        ['login_domain_wrong', expect.stringContaining(`${STRANGER}/.`)],
        ['scopes_optional_missing', expect.any(String)],
        ['rights_scopes_missing', expect.stringContaining('roles, factors')],
        ['developer_keys', expect.stringContaining('"github"')],
        ['provisioned_unlisted', expect.stringContaining('"acme-saml"')],
        ['provisioned_unlisted', expect.stringContaining('"acme-apps"')],
        ['memberships_unreachable', expect.stringMatching(/leads into "closed"\.$/)],
        ['service_unreachable', expect.any(String)],
        ['profile_near_limit', expect.stringMatching(/^1 of the 3 accounts/)],
        ['leftover_rule', expect.stringContaining('"auth0-account-link-extension"')],
        ['leftover_client', expect.stringContaining('(left)')],
      ])
    },
    TEST_TIMEOUT_MS,
  )

  it(
    'says that no user matches, but not if it may not read users',
    async () => {
      const looked = await operator.examine('--user', 'auth0|unknown')
      expect(looked.output).toContain('No user matches --user.')
      granted([...OPERATOR_SCOPES, ...DOCTOR_SCOPES], ['update:users'])
      const { status, output } = await operator.examine('--user', 'auth0|unknown')
      expect([status, output]).toEqual([3, expect.stringContaining('✗ service_unreachable')])
      expect(output).toContain('not_checked: Not read: the login of --user. Insufficient scope')
      expect(output).not.toContain('No user matches')
    },
    TEST_TIMEOUT_MS,
  )

  it(
    'reads the rights of the accounts of a login, as far as its scopes allow',
    async () => {
      granted([...OPERATOR_SCOPES, ...DOCTOR_SCOPES], ['read:users', 'read:roles'])
      const refused = await operator.examine('--user', 'auth0|kim')
      expect(refused.output).toContain('May github|kim be linked? No: rights_unread.')
      granted([...OPERATOR_SCOPES, ...DOCTOR_SCOPES], [...SCOPES, 'read:roles'])
      const lost = await operator.examine('--user', 'auth0|kim')
      expect(lost.output).toContain('No: roles_lost. github|kim lacks editor. auth0|kim lacks owner.')
      granted([...OPERATOR_SCOPES, ...DOCTOR_SCOPES], SCOPES)
      const carried = await operator.examine('--user', 'auth0|kim')
      expect(carried.output).toContain(
        'What becomes of what auth0|kim holds? Not readable, so lost: roles, factors.',
      )
    },
    TEST_TIMEOUT_MS,
  )

  it(
    'skips what it may not read, including the login of --user, and names each',
    async () => {
      granted(['read:clients', 'read:connections'], ['update:users'])
      const { status, findings, logins } = await examine('--user', 'ann@example.com')
      expect([status, logins]).toEqual([3, []])
      const unread = findings.filter(({ code }) => code === 'not_checked')
      expect(unread.map(({ what }) => what)).toEqual([
        'Not read: provisioning of "acme-saml". Insufficient scope, expected any of: read:scim_config',
        'Not read: provisioning of "acme-apps". Insufficient scope, expected any of: read:directory_provisionings',
        'Not read: provisioning of "other-saml". Insufficient scope, expected any of: read:scim_config',
        'Not read: provisioning of "other-apps". Insufficient scope, expected any of: read:directory_provisionings',
        'Not read: options of connections. The token lacks read:connections_options.',
        'Not read: APIs. Insufficient scope, expected any of: read:resource_servers',
        'Not read: organizations. Insufficient scope, expected any of: read:organizations,read:organizations_summary',
        'Not read: sizes of profiles. Insufficient scope, expected any of: read:users,read:user_idp_tokens',
        'Not read: Actions. Insufficient scope, expected any of: read:actions',
        'Not read: the post-login trigger. Insufficient scope, expected any of: read:actions',
        'Not read: Rules. Insufficient scope, expected any of: read:rules',
        'Not read: the login of --user. Insufficient scope, expected any of: read:users',
      ])
      expect(unread.at(-1)?.fix).toContain('MANAGEMENT_API_CLIENT_ID')
      expect(findings).toContainEqual(expect.objectContaining({ code: 'leftover_client' }))
    },
    TEST_TIMEOUT_MS,
  )
})
