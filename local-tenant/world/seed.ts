/**
 * The demo world: the applications, APIs, connections and roles that a tenant starts with.
 * @module
 */

import type { StoredClient, StoredClientGrant, StoredResourceServer } from '../model'
import type { TenantSettings } from '../settings'
import type { WorldConnection } from './world-connection'
import type { WorldRole } from './world-rights'

/**
 * The linking service's scopes for the Management API: to read, change, link and delete users, to end sessions and refresh
 * tokens of a removed user, to read the brand, to show a link back to the application that a person came from, and to read
 * and move the rights of accounts.
 */
export const LINKING_SCOPES = [
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
  'read:roles',
  'read:organization_connections',
  'read:organization_member_roles',
  'create:organization_members',
  'delete:organization_members',
  'create:organization_member_roles',
  'delete:organization_member_roles',
  'read:authentication_methods',
  'create:guardian_enrollment_tickets',
]

/**
 * Returns the registered applications.
 *
 * @param settings - The tenant's settings, for the origins.
 * @param secret - Creates a client secret.
 */
export function demoClients(settings: TenantSettings, secret: () => string): StoredClient[] {
  const { appOrigin, otherOrigin, exampleOrigin } = settings
  const browser = {
    grant_types: ['authorization_code', 'refresh_token'],
    web_origins: [],
    // Every client that gets ID tokens sets this, because otherwise Auth0 signs them with the client's secret.
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
      // The grant type `password` is for logins without a browser, which an Action cannot redirect.
      grant_types: [...browser.grant_types, 'password'],
      name: 'Demo App',
      callbacks: [`${appOrigin}/auth/callback`, `${appOrigin}/console/callback`],
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
      // With `link_with`, the client that the ID token was issued to must send the link request, so it needs an access token
      // of its own.
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
    ...(exampleOrigin
      ? [
          {
            ...browser,
            client_id: 'demo-example',
            client_secret: secret(),
            name: 'Example application',
            callbacks: [`${exampleOrigin}/auth/callback`],
            allowed_logout_urls: [exampleOrigin],
            client_metadata: {},
          },
        ]
      : []),
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
 * Returns the APIs of the service: with one, applications read a person's sign-in methods; the other is for operators of its
 * console.
 *
 * @param settings - The tenant's settings, for the origins.
 */
export function demoResourceServers({ appOrigin }: TenantSettings): StoredResourceServer[] {
  const common = {
    signing_alg: 'RS256',
    allow_offline_access: false,
    skip_consent_for_verifiable_first_party_clients: true,
    subject_type_authorization: {
      client: { policy: 'require_client_grant' },
      user: { policy: 'allow_all' },
    },
  }
  return [
    {
      ...common,
      id: 'sign-in-methods-api',
      name: 'Account linking: sign-in methods',
      identifier: `${appOrigin}/api`,
      scopes: [{ value: 'read:sign_in_methods', description: 'See by which methods you can sign in' }],
      token_lifetime: 86_400,
      token_lifetime_for_web: 7_200,
    },
    {
      ...common,
      id: 'console-api',
      name: 'Account linking: console',
      identifier: `${appOrigin}/console`,
      scopes: [{ value: 'operate:account_linking', description: 'Use the console for operators' }],
      enforce_policies: true,
      token_dialect: 'access_token_authz',
      token_lifetime: 600,
      token_lifetime_for_web: 600,
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

/** Returns the roles. */
export function demoRoles(): WorldRole[] {
  return [
    { name: 'editor', description: 'Writes and publishes' },
    { name: 'billing', description: 'Sees and pays invoices' },
    { name: 'admin', description: 'Manages the members of an organization' },
  ]
}
