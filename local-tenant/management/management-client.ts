/**
 * Clients in the form that the Management API shows and accepts.
 * @module
 */
import { z } from 'zod'
import type { StoredClient } from '../model'
import type { TenantState } from '../state'
import { CLEARABLE_CLIENT_SETTINGS, CLIENT_DEFAULTS, CLIENT_SETTINGS } from './client-settings'
import type { Caller } from './management-auth'
import { ManagementRefusal } from './management-errors'

const Addresses = z.array(z.string().min(1))

/** Lists that the tenant uses. Auth0 leaves out a list that was never set. */
const lists = {
  callbacks: Addresses,
  allowed_logout_urls: Addresses,
  web_origins: Addresses,
}

/** How the client's ID tokens are signed. */
const jwtConfiguration = {
  alg: z.enum(['HS256', 'RS256', 'RS512', 'PS256']).optional(),
  lifetime_in_seconds: z.number().int().positive().optional(),
  scopes: z.record(z.string(), z.json()).optional(),
}
const JWT_DEFAULTS = { lifetime_in_seconds: 36_000, secret_encoded: false }

/** Further properties that the tenant uses. All others are stored in `settings`. */
const STORED = ['name', 'grant_types', 'client_secret']

const clearable = Object.fromEntries(
  Object.entries(CLEARABLE_CLIENT_SETTINGS).map(([name, type]) => [name, type.nullable()]),
) as {
  [Name in keyof typeof CLEARABLE_CLIENT_SETTINGS]: z.ZodNullable<(typeof CLEARABLE_CLIENT_SETTINGS)[Name]>
}

const fields = z
  .strictObject({ ...CLIENT_SETTINGS, ...clearable, ...lists, grant_types: z.array(z.string().min(1)) })
  .partial().shape

const Name = z
  .string()
  .min(1)
  .regex(/^[^<>]+$/)
  .describe('Name of this client (min length: 1 character, does not allow `<` or `>`).')
const MetadataValue = z.string().max(255)

/** The body of `POST /clients`. */
export const NewClient = z.strictObject({
  ...fields,
  name: Name,
  jwt_configuration: z
    .strictObject({ ...jwtConfiguration, secret_encoded: z.boolean().optional() })
    .optional(),
  resource_server_identifier: z.string().min(1).max(600).optional(),
  client_metadata: z.record(z.string().max(255), MetadataValue).optional(),
})

/** The body of `PATCH /clients/{id}`. In metadata, null removes a key. `secret_encoded` is accepted at creation only. */
export const ClientChange = z.strictObject({
  ...fields,
  name: Name.optional(),
  client_secret: z.string().min(1).optional(),
  jwt_configuration: z.strictObject(jwtConfiguration).optional(),
  client_metadata: z.record(z.string().max(255), MetadataValue.nullable()).optional(),
})

/**
 * The grant types of a client that is created without naming any. Applications of the types `spa` and `native` do not get
 * `client_credentials`, which needs a secret.
 */
const PUBLIC_GRANTS = ['authorization_code', 'implicit', 'refresh_token']
const GRANTS = [...PUBLIC_GRANTS, 'client_credentials']

/**
 * Creates a client.
 *
 * @param input - The body.
 * @param id - Its id.
 * @param secret - The client's secret. Public clients do not get it.
 * @see https://auth0.com/docs/api/management/v2/clients/post-clients
 */
export function toStoredClient(
  { name, client_metadata: metadata, ...input }: z.output<typeof NewClient>,
  id: string,
  secret: string,
): StoredClient {
  const isPublic = input.token_endpoint_auth_method === 'none'
  const isInDevice = input.app_type === 'spa' || input.app_type === 'native'
  const client: StoredClient = {
    client_id: id,
    ...(!isPublic && { client_secret: secret }),
    name,
    callbacks: [],
    allowed_logout_urls: [],
    web_origins: [],
    client_metadata: metadata ?? {},
    grant_types: isInDevice ? PUBLIC_GRANTS : GRANTS,
    settings: { ...(metadata && { client_metadata: {} }), jwt_configuration: JWT_DEFAULTS },
  }
  return changeClient(client, input)
}

/**
 * Applies a change. Metadata is merged; everything else is replaced.
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
    if (key in lists) client.settings = { ...client.settings, [key]: [] }
    if (key in lists || STORED.includes(key)) Object.assign(client, { [key]: value })
    else client.settings = withSetting(client.settings, key, value)
  }
  const merged = Object.entries({ ...client.client_metadata, ...metadata })
  client.client_metadata = Object.fromEntries(
    merged.filter((entry): entry is [string, string] => entry[1] !== null),
  )
  return client
}

/** Returns the settings with a changed value. Null removes a setting. */
function withSetting(
  settings: Record<string, unknown> = {},
  key: string,
  value: unknown,
): Record<string, unknown> {
  const { [key]: _before, ...others } = settings
  return value === null ? others : { ...others, [key]: value }
}

/**
 * Returns a client in the form of `GET /clients/{id}`: with Auth0's defaults, and without lists and metadata that were never
 * set.
 *
 * @param client - The stored client.
 * @param caller - The caller. It sees the secret only with `read:client_keys`.
 * @see https://auth0.com/docs/api/management/v2/clients/get-clients-by-id
 */
export function toManagementClient(client: StoredClient, caller: Caller): Record<string, unknown> {
  const { client_secret: secret, settings: kept, ...stored } = client
  const shown = Object.entries(stored).filter(([, value]) => Object.keys(value).length > 0)
  return {
    ...CLIENT_DEFAULTS,
    ...kept,
    ...Object.fromEntries(shown),
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
  if (!client) throw new ManagementRefusal(404, 'The client does not exist', 'inexistent_client')
  return client
}
