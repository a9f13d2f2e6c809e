import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { readSettings } from '@/action/settings'
import { readDesired } from '@/operator/shared/desired'
import { RULES, secretOf } from '@/operator/shared/optional-secrets'
import { buildAction } from '../../support/action/build'

const FOLDER = fileURLToPath(new URL('../../../auth0', import.meta.url))
const VALUES = { APP_BASE_URL: 'https://app.example.com', MANAGEMENT_API_DOMAIN: 'tenant.example.com' }
beforeAll(() => buildAction())

describe('readDesired', () => {
  it('fills in known values, and leaves other placeholders for later', () => {
    const { clients, grant, action } = readDesired(FOLDER, VALUES)
    expect(clients.proof.callbacks).toEqual([
      'https://app.example.com/link/callback',
      'https://app.example.com/settings/connected-accounts/callback',
    ])
    expect(grant.audience).toBe('https://tenant.example.com/api/v2/')
    expect(Object.fromEntries(action.secrets.map(({ name, value }) => [name, value]))).toEqual({
      MANAGEMENT_API_DOMAIN: 'tenant.example.com',
      MANAGEMENT_API_CLIENT_ID: '##MANAGEMENT_API_CLIENT_ID##',
      MANAGEMENT_API_CLIENT_SECRET: '##MANAGEMENT_API_CLIENT_SECRET##',
      SESSION_TOKEN_SHARED_SECRET: '##SESSION_TOKEN_SHARED_SECRET##',
      ACCOUNT_LINKING_SERVICE_URL: 'https://app.example.com/link',
    })
    expect(action.code).toMatch(/^\/\/ Account linking for Auth0: post-login Action/)
  })

  it('wants no refresh tokens, RS256, and the mark by which the Action ignores logins for the proof', () => {
    const { clients } = readDesired(FOLDER, VALUES)
    for (const purpose of ['settings', 'proof'] as const)
      expect(clients[purpose]).toMatchObject({
        grant_types: ['authorization_code'],
        token_endpoint_auth_method: 'client_secret_post',
        jwt_configuration: { alg: 'RS256' },
      })
    expect(clients.proof.client_metadata.account_linking).toBe('true')
    expect(clients.management.grant_types).toEqual(['client_credentials'])
  })

  it('lets the application of the proof call the Management API if its token links', () => {
    const { clients, callers } = readDesired(FOLDER, { ...VALUES, LINKING_AUTHORITY: 'linking-client' })
    expect(clients.proof.grant_types).toEqual(['authorization_code', 'client_credentials'])
    expect(callers).toEqual(['management', 'proof'])
  })

  it('lets the application of the proof sign people in to the page if each person’s own token links', () => {
    const { clients, purposes, callers } = readDesired(FOLDER, { ...VALUES, LINKING_AUTHORITY: 'user' })
    expect(purposes).toEqual(['proof', 'management'])
    expect(callers).toEqual(['management'])
    expect(clients.proof).toMatchObject({
      callbacks: expect.arrayContaining([
        'https://app.example.com/auth/callback',
        'https://app.example.com/link/callback',
      ]),
      allowed_logout_urls: expect.arrayContaining(['https://app.example.com']),
    })
  })

  it('asks for the needed scopes, and no others', () => {
    expect(readDesired(FOLDER, VALUES).grant.scope).toEqual([
      'read:users',
      'update:users',
      'update:users_app_metadata',
      'read:connections',
      'read:client_summary',
      'read:clients',
      'read:branding',
      'read:tenant_settings',
      'read:organizations',
    ])
  })

  const OF_MEMBERSHIPS = ['read:organization_member_roles']
  const TO_GIVE_BACK = ['create:organization_members', 'create:organization_member_roles']
  const TO_CARRY = [
    'read:organization_connections',
    'create:organization_members',
    'delete:organization_members',
    'create:organization_member_roles',
    'delete:organization_member_roles',
  ]
  it.each<[Record<string, string>, string[]]>([
    [{ ROLES: 'refuse' }, ['read:roles']],
    [{ ROLES: 'carry' }, ['read:roles']],
    [{ ROLES: 'drop' }, ['read:roles']],
    [{ ACCOUNT_LINKING_ROLES: 'drop' }, ['read:roles']],
    [{ PERMISSIONS: 'carry' }, []],
    [{ FACTORS: 'drop' }, ['read:authentication_methods']],
    [{ MEMBERSHIPS: 'refuse' }, [...OF_MEMBERSHIPS, ...TO_GIVE_BACK]],
    [{ MEMBERSHIPS: 'drop' }, [...OF_MEMBERSHIPS, ...TO_GIVE_BACK]],
    [{ MEMBERSHIPS: 'carry' }, [...OF_MEMBERSHIPS, ...TO_CARRY]],
    // The service and the Action may have different rules.
    [{ MEMBERSHIPS: 'carry', ACCOUNT_LINKING_MEMBERSHIPS: 'drop' }, [...OF_MEMBERSHIPS, ...TO_CARRY]],
    [{ MEMBERSHIPS: 'drop', ACCOUNT_LINKING_MEMBERSHIPS: 'carry' }, [...OF_MEMBERSHIPS, ...TO_CARRY]],
    [{ ROLES: ' ', MEMBERSHIPS: '' }, []],
  ])('asks with %j for the scopes of the rights in use as well, each once', (values, more) => {
    const usual = readDesired(FOLDER, VALUES).grant.scope
    const { scope } = readDesired(FOLDER, { ...VALUES, ...values }).grant
    expect(scope.slice(0, usual.length)).toEqual(usual)
    expect(scope.slice(usual.length).sort()).toEqual([...more].sort())
  })

  it('takes optional secrets of the Action from the operator, including the rules and event settings of the service', () => {
    const optionalSecretsOf = (values: Record<string, string>) => {
      const { action, optionalSecretNames } = readDesired(FOLDER, { ...VALUES, ...values })
      const secrets = action.secrets.slice(5).map(({ name, value }) => [name, value])
      expect(secrets.map(([name]) => name)).toEqual(optionalSecretNames)
      return Object.fromEntries(secrets)
    }
    expect(
      optionalSecretsOf({
        ACCOUNT_LINKING_MODE: 'observe',
        ACCOUNT_LINKING_SERVICE_URL: 'https://x',
        OFFER: 'on',
      }),
    ).toEqual({
      ACCOUNT_LINKING_MODE: 'observe',
    })
    const adoption = { ADOPTION_URL: 'https://shop.example.com/adoptions', ADOPTION_SECRET: 'whsec_x' }
    const rules = {
      PRIMARY: 'auth0',
      BLOCKED_CONNECTIONS: 'legacy-db',
      ACTION_EVENTS_SECRET: 'bearer',
      ...adoption,
    }
    const told = {
      ACCOUNT_LINKING_BLOCKED_CONNECTIONS: 'legacy-db',
      EVENTS_WEBHOOK_URL: 'https://app.example.com/events',
      EVENTS_WEBHOOK_SECRET: 'bearer',
      ...adoption,
    }
    expect(optionalSecretsOf(rules)).toEqual({ ...told, ACCOUNT_LINKING_PRIMARY: 'auth0' })
    expect(optionalSecretsOf({ ...rules, ACCOUNT_LINKING_PRIMARY: 'most_used' })).toEqual({
      ...told,
      ACCOUNT_LINKING_PRIMARY: 'most_used',
    })
  })

  it('has a secret of the Action for each rule of the service', () => {
    const needed = readDesired(FOLDER, VALUES).action.secrets.map(({ name, value }) => [name, value])
    const told = RULES.map(({ name }) => [secretOf(name), 'none'])
    const settings = readSettings(Object.fromEntries([...needed, ...told]))
    expect(settings?.policy).toEqual({
      trusted: ['none'],
      blocked: ['none'],
      provisioned: ['none'],
      primary: ['none'],
      fillUserMetadata: false,
      appMetadataKeys: ['none'],
      ...{ roles: 'refuse', permissions: 'refuse', memberships: 'refuse', factors: 'refuse' },
      refuseKeys: ['none'],
    })
  })
})
