/**
 * `/api/v2/clients`.
 * @module
 */
import { randomBytes } from 'node:crypto'
import { Hono } from 'hono'
import { z } from 'zod'
import { type Caller, type ManagementEnv, requireScope } from '../management/management-auth'
import {
  ClientChange,
  changeClient,
  NewClient,
  requireClient,
  toManagementClient,
  toStoredClient,
} from '../management/management-client'
import { parsePart } from '../management/management-errors'
import { FieldsQuery, pickFields } from '../management/management-user'
import { EitherQuery, eitherPage } from '../management/offset-page'
import { readPayload } from '../management/payload'
import type { StoredClientGrant } from '../model'
import type { TenantState } from '../state'

const ListQuery = z.strictObject({
  ...FieldsQuery,
  ...EitherQuery,
  is_global: z.enum(['true', 'false']).optional(),
  is_first_party: z.enum(['true', 'false']).optional(),
  app_type: z.string().optional(),
  /** The id of a client that registered with a metadata document. The tenant has no such clients. */
  external_client_id: z.string().min(1).max(120).optional(),
  q: z.string().optional(),
})

/**
 * The one value of `q` that can find clients here. Auth0 can also search for clients with a grant for a certain
 * organization, which no client here has.
 */
const ANY_ORGANIZATION = 'client_grant.allow_any_organization:true'

/** Scopes to read clients; a caller needs one of them. With `read:client_summary` alone, the caller sees a summary only. */
const READ_SCOPES = ['read:clients', 'read:client_keys', 'read:client_summary']

/**
 * Reads, creates, changes and deletes clients.
 *
 * @see https://auth0.com/docs/api/management/v2/clients
 */
export function clients(state: TenantState): Hono<ManagementEnv> {
  const app = new Hono<ManagementEnv>()

  app.get('/api/v2/clients', (context) => {
    const caller = context.get('caller')
    requireScope(caller, READ_SCOPES)
    const query = parsePart(ListQuery, context.req.query(), 'Query')
    const shown = [...state.clients.values()]
      .map((client) => toManagementClient(client, caller))
      .filter((client) => isWanted(client, query, state))
      .map((client) => pickFields(inSummary(client, caller), query, ['tenant']))
    context.set('total', shown.length)
    return context.json(eitherPage('clients', shown, query))
  })

  app.get('/api/v2/clients/:id', (context) => {
    const caller = context.get('caller')
    requireScope(caller, READ_SCOPES)
    const query = parsePart(z.strictObject(FieldsQuery), context.req.query(), 'Query')
    const client = requireClient(state, context.req.param('id'))
    return context.json(pickFields(inSummary(toManagementClient(client, caller), caller), query, ['tenant']))
  })

  app.post('/api/v2/clients', async (context) => {
    const caller = context.get('caller')
    requireScope(caller, ['create:clients'])
    const input = parsePart(NewClient, await readPayload(context.req), 'Payload')
    const id = randomBytes(16).toString('hex')
    const client = toStoredClient(input, id, randomBytes(48).toString('base64url'))
    state.clients.set(id, client)
    context.set('effect', 'create')
    return context.json(toManagementClient(client, caller), 201)
  })

  app.patch('/api/v2/clients/:id', async (context) => {
    const caller = context.get('caller')
    requireScope(caller, ['update:clients'])
    const client = requireClient(state, context.req.param('id'))
    changeClient(client, parsePart(ClientChange, await readPayload(context.req), 'Payload'))
    context.set('effect', 'patch')
    return context.json(toManagementClient(client, caller))
  })

  app.delete('/api/v2/clients/:id', (context) => {
    requireScope(context.get('caller'), ['delete:clients'])
    const id = context.req.param('id')
    if (state.clients.delete(id)) {
      state.clientGrants = state.clientGrants.filter((grant) => grant.client_id !== id)
      for (const connection of state.connections) {
        const rest = connection.clients?.filter((client) => client !== id)
        if (rest) connection.clients = rest
      }
      context.set('effect', 'delete')
    }
    return context.body(null, 204)
  })

  return app
}

/** Says whether a client matches a query. */
function isWanted(
  client: Record<string, unknown>,
  query: z.output<typeof ListQuery>,
  { clientGrants }: TenantState,
): boolean {
  const { is_global: isGlobal, is_first_party: isFirstParty, app_type: types, q } = query
  if (query.external_client_id !== undefined) return false
  if (isGlobal !== undefined && String(client.global) !== isGlobal) return false
  if (isFirstParty !== undefined && String(client.is_first_party) !== isFirstParty) return false
  if (types !== undefined && !types.split(',').includes(String(client.app_type))) return false
  if (q === undefined) return true
  const isOfAny = ({ client_id: id, allow_any_organization: isAny }: StoredClientGrant) =>
    id === client.client_id && isAny === true
  return q === ANY_ORGANIZATION && clientGrants.some(isOfAny)
}

/**
 * Returns the properties of a client that the caller may see: all of them, or a summary if the caller has only
 * `read:client_summary`.
 */
function inSummary(client: Record<string, unknown>, { scopes }: Caller): Record<string, unknown> {
  if (scopes.includes('read:clients') || scopes.includes('read:client_keys')) return client
  const summary = ['client_id', 'name', 'app_type', 'description']
  return Object.fromEntries(Object.entries(client).filter(([key]) => summary.includes(key)))
}
