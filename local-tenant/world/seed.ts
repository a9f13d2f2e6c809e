/**
 * The demo world: the applications, connections and users that a tenant starts with.
 * @module
 */

import type { StoredClient, StoredClientGrant, StoredResourceServer } from '../model'
import type { TenantSettings } from '../settings'
import type { WorldUser } from './world'
import type { WorldConnection } from './world-connection'

/**
 * The linking service's scopes for the Management API: to read, merge and link users, and to end sessions and refresh tokens
 * of a removed user, to read the brand, and to show a way back to the application that a person came from.
 */
const LINKING_SCOPES = [
  'read:users',
  'update:users',
  'update:users_app_metadata',
  'read:connections',
  'read:client_summary',
  'read:clients',
  'delete:users',
  'read:sessions',
  'delete:sessions',
  'delete:refresh_tokens',
  'read:branding',
  'read:tenant_settings',
  'read:organizations',
]

/**
 * Returns the registered applications.
 *
 * @param settings - The tenant's settings, for the origins.
 * @param secret - Creates a client secret.
 */
export function demoClients(settings: TenantSettings, secret: () => string): StoredClient[] {
  const { appOrigin, otherOrigin } = settings
  const browser = {
    grant_types: ['authorization_code', 'refresh_token'],
    web_origins: [],
    // Every client sets this. Without it, Auth0 signs ID tokens with the client's secret.
    settings: {
      jwt_configuration: { alg: 'RS256', lifetime_in_seconds: 36_000, secret_encoded: false },
    },
  }
  const settingsPage = `${appOrigin}/settings/connected-accounts`
  return [
    {
      ...browser,
      client_id: 'demo-app',
      client_secret: secret(),
      // Password logins have no browser, so an Action cannot redirect them.
      grant_types: [...browser.grant_types, 'password'],
      name: 'Demo App',
      callbacks: [`${appOrigin}/auth/callback`],
      allowed_logout_urls: [appOrigin, `${appOrigin}/`],
      client_metadata: {},
    },
    {
      ...browser,
      client_id: 'linking',
      client_secret: secret(),
      name: 'Account Linking',
      callbacks: [`${appOrigin}/link/callback`, `${settingsPage}/callback`, `${appOrigin}/auth/callback`],
      allowed_logout_urls: [`${appOrigin}/link/prompt`, appOrigin, `${appOrigin}/`, settingsPage],
      client_metadata: { account_linking: 'true' },
      // With `link_with`, the client that the ID token is for must make the call, so it needs a token for itself.
      grant_types: [...browser.grant_types, 'client_credentials'],
    },
    {
      client_id: 'linking-m2m',
      client_secret: secret(),
      name: 'Account Linking (Management API)',
      callbacks: [],
      allowed_logout_urls: [],
      web_origins: [],
      client_metadata: {},
      grant_types: ['client_credentials'],
    },
    {
      ...browser,
      client_id: 'demo-spa',
      name: 'Demo Single-Page App',
      callbacks: [`${appOrigin}/auth/callback`, `${settingsPage}/browser/callback`],
      allowed_logout_urls: [appOrigin, `${appOrigin}/`],
      web_origins: [appOrigin],
      client_metadata: { account_linking: 'true' },
      grant_types: [...browser.grant_types, 'implicit'],
    },
    {
      ...browser,
      client_id: 'demo-other',
      client_secret: secret(),
      name: 'Other Company',
      callbacks: [`${otherOrigin}/callback`, 'com.example.demo://callback'],
      allowed_logout_urls: [`${otherOrigin}/`],
      client_metadata: {},
    },
  ]
}

/**
 * Returns the clients' grants for the Management API.
 *
 * @param settings - The tenant's settings, for the origins.
 */
export function demoClientGrants({ canonicalOrigin }: TenantSettings): StoredClientGrant[] {
  return ['linking', 'linking-m2m'].map((client) => ({
    id: `cgr_${client}`,
    client_id: client,
    audience: `${canonicalOrigin}/api/v2/`,
    subject_type: 'client',
    scope: LINKING_SCOPES,
  }))
}

/**
 * Returns the API of the service, with which applications read a person's sign-in methods.
 *
 * @param settings - The tenant's settings, for the origins.
 */
export function demoResourceServers({ appOrigin }: TenantSettings): StoredResourceServer[] {
  return [
    {
      id: 'sign-in-methods-api',
      name: 'Account linking: sign-in methods',
      identifier: `${appOrigin}/api`,
      scopes: [{ value: 'read:sign_in_methods', description: 'See by which methods you can sign in' }],
      signing_alg: 'RS256',
      allow_offline_access: false,
      skip_consent_for_verifiable_first_party_clients: true,
      token_lifetime: 86_400,
      token_lifetime_for_web: 7_200,
      subject_type_authorization: {
        client: { policy: 'require_client_grant' },
        user: { policy: 'allow_all' },
      },
    },
  ]
}

/** Returns the configured connections. */
export function demoConnections(): WorldConnection[] {
  return [
    { name: 'Username-Password-Authentication', strategy: 'auth0' },
    {
      name: 'google-oauth2',
      strategy: 'google-oauth2',
      display_name: 'Google',
      options: { client_id: 'local-company.apps.example.com', scope: ['email', 'profile'] },
    },
    { name: 'github', strategy: 'github', display_name: 'GitHub', options: { client_id: 'local-company' } },
    { name: 'email', strategy: 'email', display_name: 'E-mail code' },
    { name: 'acme-saml', strategy: 'samlp', display_name: 'Acme' },
    { name: 'legacy-db', strategy: 'auth0', display_name: 'Old accounts' },
  ]
}

/** Returns the users. Password accounts are older than the others. */
export function demoUsers(): WorldUser[] {
  return [
    {
      ...password('ann', 'Ann Archer', { logins_count: 41 }),
      user_metadata: { theme: 'dark', language: 'en' },
      app_metadata: { plan: 'team', customer_number: 'C-1001' },
    },
    {
      ...google('ann', 'Ann Archer', { logins_count: 3 }),
      user_metadata: { theme: 'light', newsletter: true },
      app_metadata: { plan: 'free', trial: { started: '2025-02-01' } },
    },
    {
      ...password('bea', 'Bea Brook', { logins_count: 12 }),
      user_metadata: { language: 'de' },
      app_metadata: { customer_number: 'C-1002' },
    },
    { ...google('bea', 'Bea Brook', { logins_count: 5 }), user_metadata: { newsletter: false } },
    {
      ...social('github', 'bea-h', 'bea@example.com', 'Bea Brook'),
      created_at: '2025-05-20T09:00:00.000Z',
      nickname: 'beabrook',
      user_metadata: { editor: 'vim', newsletter: true },
    },
    password('cy', 'Cy Cole', { email_verified: false }),
    google('cy', 'Cy Cole', { logins_count: 2 }),
    { ...password('dee', 'Dee Dunn', { logins_count: 7 }), user_metadata: { theme: 'light' } },
    { ...password('eve', 'Eve Ellis', { logins_count: 9 }), user_metadata: { language: 'en' } },
    // Google keeps the case that the user chose; databases store lower case.
    { ...google('eve', 'Eve Ellis', { logins_count: 4 }), email: 'Eve@Example.com' },
    { ...password('fay', 'Fay Ford', { logins_count: 15, mfa: true }), user_metadata: { theme: 'dark' } },
    { ...google('fay', 'Fay Ford', { logins_count: 1 }), user_metadata: { newsletter: true } },
    password('gil', 'Gil Grant', { logins_count: 8 }),
    {
      user_id: 'samlp|acme-saml|gil|grant@acme.example',
      email: 'gil@example.com',
      email_verified: true,
      name: 'Gil Grant',
      created_at: '2025-03-11T09:00:00.000Z',
      logins_count: 2,
      app_metadata: { department: 'Sales' },
      identities: [
        { provider: 'samlp', user_id: 'acme-saml|gil|grant@acme.example', connection: 'acme-saml' },
      ],
    },
    {
      user_id: 'email|hal',
      email: 'hal@example.com',
      email_verified: true,
      name: 'hal@example.com',
      created_at: '2025-04-02T09:00:00.000Z',
      logins_count: 1,
      identities: [{ provider: 'email', user_id: 'hal', connection: 'email' }],
    },
  ]
}

function password(id: string, name: string, rest: Partial<WorldUser>): WorldUser {
  return {
    user_id: `auth0|${id}`,
    email: `${id}@example.com`,
    email_verified: true,
    name,
    nickname: id,
    created_at: '2023-06-01T09:00:00.000Z',
    identities: [{ provider: 'auth0', user_id: id, connection: 'Username-Password-Authentication' }],
    ...rest,
  }
}

function google(id: string, name: string, rest: Partial<WorldUser>): WorldUser {
  return {
    ...social('google-oauth2', `${id}-g`, `${id}@example.com`, name),
    created_at: '2025-02-01T09:00:00.000Z',
    ...rest,
  }
}

function social(provider: string, id: string, email: string, name: string): WorldUser {
  const [given, family] = name.split(' ')
  return {
    user_id: `${provider}|${id}`,
    email,
    email_verified: true,
    name,
    ...(given !== undefined && { given_name: given }),
    ...(family !== undefined && { family_name: family }),
    identities: [{ provider, user_id: id, connection: provider }],
  }
}
