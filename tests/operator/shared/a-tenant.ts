/**
 * The desired state of a tenant, and the current state after an apply, for tests of plans to change.
 * @module
 */
import { VERSION } from '@/lib/config/version'
import type { Actual, ActualClient } from '@/operator/shared/actual'
import type { ApplicationPurpose, Desired, DesiredClient } from '@/operator/shared/desired'
import { fingerprint } from '@/operator/shared/fingerprint'

export const CODE = `// Account linking for Auth0: post-login Action, ${VERSION}\n`
export const AUDIENCE = 'https://tenant.example.com/api/v2/'

const client = (purpose: ApplicationPurpose, fields: object = {}): DesiredClient => ({
  name: `Ours: ${purpose}`,
  app_type: 'regular_web',
  callbacks: [`https://app.example.com/${purpose}`],
  grant_types: ['authorization_code'],
  jwt_configuration: { alg: 'RS256' },
  client_metadata: { account_linking_part: purpose },
  ...fields,
})

/** The desired state, as if it was read from the files in `auth0/`. */
export const DESIRED: Desired = {
  clients: { settings: client('settings'), proof: client('proof'), management: client('management') },
  purposes: ['settings', 'proof', 'management'],
  callers: ['management'],
  grant: { client_id: 'Ours: management', audience: AUDIENCE, scope: ['read:users', 'update:users'] },
  rights: { roles: [], permissions: [], memberships: [], factors: [] },
  api: {
    name: 'Ours: methods',
    identifier: 'https://app.example.com/api',
    signing_alg: 'RS256',
    scopes: [{ value: 'read:sign_in_methods', description: 'See them' }],
    skip_consent_for_verifiable_first_party_clients: true,
  },
  consoleApi: {
    name: 'Ours: console',
    identifier: 'https://app.example.com/console',
    signing_alg: 'RS256',
    scopes: [{ value: 'operate:account_linking', description: 'Operate' }],
    enforce_policies: true,
    token_dialect: 'access_token_authz',
  },
  eventStream: undefined,
  action: {
    name: 'Account linking',
    code: CODE,
    runtime: 'node22',
    dependencies: [],
    secrets: [
      { name: 'SESSION_TOKEN_SHARED_SECRET', value: 'shared' },
      { name: 'MANAGEMENT_API_CLIENT_ID', value: 'management-id' },
    ],
    supported_triggers: [{ id: 'post-login', version: 'v3' }],
  },
  optionalSecretNames: [],
  displayName: 'Account linking',
}

/** The operator's settings. */
export const SETTINGS = { APP_BASE_URL: 'https://app.example.com', BRAND_NAME: 'Example' }

const actualClient = (purpose: ApplicationPurpose): ActualClient => ({
  ...DESIRED.clients[purpose],
  client_id: `${purpose}-id`,
  is_first_party: true,
  jwt_configuration: { alg: 'RS256', lifetime_in_seconds: 36_000 },
})

/** The state after an apply, in a trigger with another Action before ours. */
export function applied(): Actual {
  return structuredClone({
    clients: [
      { client_id: 'theirs', name: 'Theirs', client_metadata: {} },
      ...(['settings', 'proof', 'management'] as const).map(actualClient),
    ],
    grants: [
      {
        id: 'grant',
        client_id: 'management-id',
        audience: AUDIENCE,
        scope: ['read:users', 'update:users'],
        hasAllScopes: false,
      },
    ],
    apis: [
      { id: 'system', name: 'Management API', identifier: AUDIENCE, scopes: [] },
      {
        id: 'api',
        name: 'Ours: methods',
        identifier: 'https://app.example.com/api',
        signing_alg: 'RS256',
        token_lifetime: 86_400,
        scopes: [{ value: 'read:sign_in_methods', description: 'See them' }],
        skip_consent_for_verifiable_first_party_clients: true,
      },
      {
        id: 'console-api',
        name: 'Ours: console',
        identifier: 'https://app.example.com/console',
        signing_alg: 'RS256',
        scopes: [{ value: 'operate:account_linking', description: 'Operate' }],
        enforce_policies: true,
        token_dialect: 'access_token_authz',
      },
    ],
    connections: [
      { id: 'con', name: 'github', strategy: 'github', clients: ['theirs', 'settings-id', 'proof-id'] },
    ],
    actions: [
      { ...anAction('other', 'Other'), code: 'exports.onExecutePostLogin = async () => {}' },
      { ...anAction('ours', 'Account linking'), secrets: DESIRED.action.secrets.map(({ name }) => name) },
    ],
    bindings: [
      { id: 'first', actionId: 'other', name: 'Other' },
      { id: 'second', actionId: 'ours', name: 'Account linking' },
    ],
    eventStreams: [],
    env: {
      ...SETTINGS,
      AUTH0_CLIENT_ID: 'settings-id',
      AUTH0_CLIENT_SECRET: 'a',
      LINKING_CLIENT_ID: 'proof-id',
      LINKING_CLIENT_SECRET: 'b',
      MANAGEMENT_API_CLIENT_ID: 'management-id',
      MANAGEMENT_API_CLIENT_SECRET: 'c',
      AUTH0_SECRET: 'd',
      SESSION_TOKEN_SHARED_SECRET: 'shared',
      FLOW_SECRET: 'e',
    },
    fingerprints: { SESSION_TOKEN_SHARED_SECRET: fingerprint('shared') },
  })
}

function anAction(id: string, name: string) {
  return {
    id,
    name,
    code: CODE,
    runtime: 'node22',
    dependencies: [],
    secrets: [] as string[],
    deployedVersion: 'version-2' as string | undefined,
    isDeployed: true,
  }
}
