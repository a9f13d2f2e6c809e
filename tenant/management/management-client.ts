/**
 * Clients as the Management API shows and takes them.
 * @module
 */
import { z } from 'zod'
import type { TenantState } from '../state'
import type { StoredClient } from '../store'
import type { Caller } from './management-auth'
import { ManagementRefusal } from './management-errors'

const Addresses = z.array(z.string().min(1))

/** What the tenant keeps without doing anything with it. */
const settings = {
  description: z.string().max(140).optional(),
  logo_uri: z.string().optional(),
  app_type: z.enum(['native', 'spa', 'regular_web', 'non_interactive']).optional(),
  is_first_party: z.boolean().optional(),
  oidc_conformant: z.boolean().optional(),
  token_endpoint_auth_method: z.enum(['none', 'client_secret_post', 'client_secret_basic']).optional(),
  refresh_token: z.record(z.string(), z.json()).nullable().optional(),
  initiate_login_uri: z.string().optional(),
  cross_origin_authentication: z.boolean().optional(),
  custom_login_page_on: z.boolean().optional(),
  sso_disabled: z.boolean().optional(),
}

/** Of how ID tokens are signed. What Auth0 adds itself it does not take back in a change. */
const JwtConfiguration = z.strictObject({
  alg: z.enum(['HS256', 'RS256', 'RS512', 'PS256']).optional(),
  lifetime_in_seconds: z.number().int().positive().optional(),
})
const JWT_DEFAULTS = { lifetime_in_seconds: 36_000, secret_encoded: false }

const fields = {
  ...settings,
  jwt_configuration: JwtConfiguration.optional(),
  callbacks: Addresses.optional(),
  allowed_logout_urls: Addresses.optional(),
  web_origins: Addresses.optional(),
  grant_types: z.array(z.string()).optional(),
}

const Name = z
  .string()
  .min(1)
  .regex(/^[^<>]*$/, 'must not contain < or >')
const MetadataValue = z.string().max(255)

/** The body of `POST /clients`. */
export const NewClient = z.strictObject({
  ...fields,
  name: Name,
  client_metadata: z.record(z.string().max(255), MetadataValue).optional(),
})

/** The body of `PATCH /clients/{id}`: a null takes a key of the metadata away. */
export const ClientChange = z.strictObject({
  ...fields,
  name: Name.optional(),
  client_metadata: z.record(z.string().max(255), MetadataValue.nullable()).optional(),
})

/** The grants that Auth0 gives a client that is created without naming any. */
const WEB_GRANTS = ['authorization_code', 'implicit', 'refresh_token', 'client_credentials']

/**
 * Makes a client.
 *
 * @param input - The body.
 * @param id - Its id.
 * @param secret - Left out for public clients.
 * @see https://auth0.com/docs/api/management/v2/clients/post-clients
 */
export function toStoredClient(
  { name, client_metadata: metadata, ...input }: z.output<typeof NewClient>,
  id: string,
  secret: string,
): StoredClient {
  const isPublic = input.token_endpoint_auth_method === 'none'
  const client: StoredClient = {
    client_id: id,
    ...(!isPublic && { client_secret: secret }),
    name,
    callbacks: [],
    allowed_logout_urls: [],
    web_origins: [],
    client_metadata: metadata ?? {},
    grant_types: input.app_type === 'non_interactive' ? ['client_credentials'] : WEB_GRANTS,
  }
  return changeClient(client, input)
}

/**
 * Applies a change: metadata is merged, everything else is replaced.
 *
 * @param client - Changed in place.
 * @param change - The body.
 * @see https://auth0.com/docs/api/management/v2/clients/patch-clients-by-id
 */
export function changeClient(client: StoredClient, change: z.output<typeof ClientChange>): StoredClient {
  const { client_metadata: metadata = {}, jwt_configuration: jwt, ...rest } = change
  if (jwt) client.settings = { ...client.settings, jwt_configuration: { ...JWT_DEFAULTS, ...jwt } }
  for (const [key, value] of Object.entries(rest)) {
    if (value === undefined) continue
    if (key in settings) client.settings = { ...client.settings, [key]: value }
    else Object.assign(client, { [key]: value })
  }
  const merged = Object.entries({ ...client.client_metadata, ...metadata })
  client.client_metadata = Object.fromEntries(
    merged.filter((entry): entry is [string, string] => entry[1] !== null),
  )
  return client
}

/**
 * A client as `GET /clients/{id}` shows it.
 *
 * @param client - As stored.
 * @param caller - Sees the secret with `read:client_keys` only.
 * @see https://auth0.com/docs/api/management/v2/clients/get-clients-by-id
 */
export function toManagementClient(client: StoredClient, caller: Caller): Record<string, unknown> {
  const { client_secret: secret, settings: kept, ...shown } = client
  return {
    is_first_party: true,
    ...kept,
    ...shown,
    ...(caller.scopes.includes('read:client_keys') && { client_secret: secret }),
  }
}

/**
 * Finds a client.
 *
 * @throws {ManagementRefusal} 404 `inexistent_client`.
 */
export function requireClient(state: TenantState, id: string): StoredClient {
  const client = state.clients.get(id)
  if (!client) throw new ManagementRefusal(404, 'Client does not exist.', 'inexistent_client')
  return client
}
