/**
 * APIs in the form that the Management API shows and accepts. Auth0 calls them resource servers.
 * @module
 */
import { z } from 'zod'
import type { StoredResourceServer } from '../model'
import type { TenantState } from '../state'
import { ManagementRefusal } from './management-errors'

const DAY_SECONDS = 86_400

/** Properties that the tenant stores and shows. It uses only `enforce_policies` and `token_dialect`, for access tokens. */
const settings = {
  allow_online_access: z.boolean().optional(),
  allow_online_access_with_ephemeral_sessions: z.boolean().optional(),
  authorization_details: z.array(z.json()).nullable().optional(),
  consent_policy: z.string().nullable().optional(),
  enforce_policies: z.boolean().optional(),
  proof_of_possession: z.record(z.string(), z.json()).nullable().optional(),
  signing_secret: z.string().min(16).optional(),
  token_dialect: z.string().optional(),
  token_encryption: z.record(z.string(), z.json()).nullable().optional(),
}

const fields = {
  ...settings,
  name: z
    .string()
    .max(200)
    .regex(/^[^<>]*$/, 'must not contain < or >')
    .optional(),
  scopes: z
    .array(z.strictObject({ value: z.string().min(1).max(280), description: z.string().max(500).optional() }))
    .optional(),
  signing_alg: z.enum(['HS256', 'RS256', 'RS512', 'PS256']).optional(),
  allow_offline_access: z.boolean().optional(),
  skip_consent_for_verifiable_first_party_clients: z.boolean().optional(),
  subject_type_authorization: z.record(z.string(), z.json()).optional(),
  token_lifetime: z.number().int().min(0).max(2_592_000).optional(),
  token_lifetime_for_web: z.number().int().min(0).max(2_592_000).optional(),
}

/** The body of `POST /resource-servers`. */
export const NewResourceServer = z.strictObject({
  ...fields,
  identifier: z.string().min(1).max(600),
  client_id: z.string().optional(),
})

/** The body of `PATCH /resource-servers/{id}`. */
export const ResourceServerChange = z.strictObject(fields)

/**
 * Creates an API with Auth0's defaults.
 *
 * @param input - The body.
 * @param id - Its id.
 */
export function toResourceServer(
  input: z.output<typeof NewResourceServer>,
  id: string,
): StoredResourceServer {
  return changeResourceServer(
    {
      id,
      identifier: input.identifier,
      allow_offline_access: false,
      skip_consent_for_verifiable_first_party_clients: false,
      subject_type_authorization: {
        client: { policy: 'require_client_grant' },
        user: { policy: 'allow_all' },
      },
      token_lifetime: DAY_SECONDS,
      token_lifetime_for_web: DAY_SECONDS / 12,
      signing_alg: 'RS256',
    },
    input,
  )
}

/**
 * Replaces the properties that a change names. Null removes a property.
 *
 * @param server - Changed in place.
 * @param change - The body.
 */
export function changeResourceServer(
  server: StoredResourceServer,
  change: z.output<typeof ResourceServerChange>,
): StoredResourceServer {
  for (const [key, value] of Object.entries(change)) {
    if (value === null) delete server[key]
    else if (value !== undefined) server[key] = value
  }
  return server
}

/**
 * Finds an API.
 *
 * @param name - Its id or its identifier. The Management API has two identifiers.
 * @returns The API, or undefined if there is none.
 */
export function findResourceServer(state: TenantState, name: string): StoredResourceServer | undefined {
  const isManagement = state.managementAudiences().includes(name)
  return state.resourceServers.find(
    ({ id, identifier, is_system: isSystem }) =>
      id === name || identifier === name || (isManagement && isSystem === true),
  )
}

/**
 * Finds an API.
 *
 * @throws {ManagementRefusal} 404 `inexistent_resource_server`.
 */
export function requireResourceServer(state: TenantState, name: string): StoredResourceServer {
  const server = findResourceServer(state, name)
  if (server) return server
  throw new ManagementRefusal(404, 'The resource server does not exist', 'inexistent_resource_server')
}

/** Returns the scopes of an API. */
export function scopesOf(server: StoredResourceServer | undefined): string[] {
  return (server?.scopes ?? []).map(({ value }) => value)
}
