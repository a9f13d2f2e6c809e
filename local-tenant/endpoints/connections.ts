/**
 * `/api/v2/connections`, and the endpoints that show and set which clients may use which connections.
 * @module
 */
import { Hono } from 'hono'
import { z } from 'zod'
import { CheckpointQuery, checkpointPage } from '../management/checkpoint-page'
import { type ManagementEnv, requireScope } from '../management/management-auth'
import { requireClient } from '../management/management-client'
import { requireConnection } from '../management/management-connection'
import { ManagementRefusal, parsePart } from '../management/management-errors'
import { FieldsQuery, pickFields } from '../management/management-user'
import { EitherQuery, eitherPage, FilledOffsetQuery } from '../management/offset-page'
import { readList } from '../management/payload'
import { wholeNumber } from '../management/query-number'
import type { StoredConnection } from '../model'
import type { TenantState } from '../state'

const Strategies = z.union([z.string(), z.array(z.string())]).transform((given) => [given].flat())

const ListQuery = z.strictObject({
  ...FieldsQuery,
  name: z.string().optional(),
  strategy: Strategies.optional(),
  ...EitherQuery,
  ...FilledOffsetQuery,
})

const OfClientQuery = z.strictObject({
  ...FieldsQuery,
  strategy: Strategies.optional(),
  ...CheckpointQuery,
})

const EnabledQuery = z.strictObject({
  ...CheckpointQuery,
  take: wholeNumber(1, 1_000),
})

/** Fields that are always shown in addition to those that a query names. */
const ALWAYS_INCLUDED = ['id', 'is_domain_connection', 'authentication', 'connected_accounts']

/** Fields that are shown even if a query excludes them by name. */
const NEVER_EXCLUDED = ['is_domain_connection']

const EnabledClients = z
  .array(
    z.strictObject({
      client_id: z
        .string()
        .min(1)
        .describe(
          'The client_id of the client whose status will be changed. Note that the limit per PATCH request is 50 clients.',
        ),
      status: z.boolean().describe('Whether the connection is enabled or not for this client_id'),
    }),
  )
  .min(1)
  .max(50)

/**
 * Reads connections, and enables them for clients.
 *
 * @see https://auth0.com/docs/api/management/v2/connections/get-connections
 * @see https://auth0.com/docs/api/management/v2/clients/get-client-connections
 * @see https://auth0.com/docs/api/management/v2/connections/patch-clients
 */
export function connections(state: TenantState): Hono<ManagementEnv> {
  const app = new Hono<ManagementEnv>()

  app.get('/api/v2/connections', (context) => {
    const { scopes } = context.get('caller')
    requireScope(context.get('caller'), ['read:connections'])
    const query = parsePart(ListQuery, queryOf(context.req.queries()), 'Query')
    const found = state.connections
      .filter(({ name }) => query.name === undefined || name === query.name)
      .filter(({ strategy }) => query.strategy?.includes(strategy) ?? true)
      .map((connection) => pickConnectionFields(toManagementConnection(connection, scopes), query))
    context.set('total', found.length)
    return context.json(eitherPage('connections', found, query))
  })

  app.get('/api/v2/connections/:id', (context) => {
    const { scopes } = context.get('caller')
    requireScope(context.get('caller'), ['read:connections'])
    const query = parsePart(z.strictObject(FieldsQuery), context.req.query(), 'Query')
    const connection = requireConnection(state, context.req.param('id'))
    return context.json(pickConnectionFields(toManagementConnection(connection, scopes), query))
  })

  app.get('/api/v2/clients/:id/connections', (context) => {
    const caller = context.get('caller')
    requireScope(caller, ['read:connections'])
    requireScope(caller, ['read:clients', 'read:client_summary'])
    const query = parsePart(OfClientQuery, queryOf(context.req.queries()), 'Query')
    const client = state.clients.get(context.req.param('id'))
    // Auth0's message here differs from the one of `/clients/{id}`.
    if (!client) throw new ManagementRefusal(404, 'Client does not exist.', 'inexistent_client')
    const found = state.connections
      .filter(({ clients }) => clients?.includes(client.client_id) ?? true)
      .filter(({ strategy }) => query.strategy?.includes(strategy) ?? true)
      .map((connection) => pickConnectionFields(toManagementConnection(connection, caller.scopes), query))
    const { items, ...rest } = checkpointPage(found, query)
    return context.json({ connections: items, ...rest })
  })

  app.get('/api/v2/connections/:id/clients', (context) => {
    requireScope(context.get('caller'), ['read:connections'])
    const query = parsePart(EnabledQuery, context.req.query(), 'Query')
    const enabled = enabledClients(state, requireConnection(state, context.req.param('id')))
    const { items, ...rest } = checkpointPage(enabled, query)
    return context.json({ clients: items.map((id) => ({ client_id: id })), ...rest })
  })

  app.patch('/api/v2/connections/:id/clients', async (context) => {
    requireScope(context.get('caller'), ['update:connections'])
    const connection = requireConnection(state, context.req.param('id'))
    const changes = parsePart(EnabledClients, await readList(context.req), 'Payload')
    const enabled = new Set(enabledClients(state, connection))
    for (const { client_id: id, status } of changes) {
      if (status) enabled.add(requireClient(state, id).client_id)
      else enabled.delete(id)
    }
    connection.clients = [...enabled]
    context.set('effect', 'patch')
    return context.body(null, 204)
  })

  return app
}

function enabledClients(state: TenantState, connection: StoredConnection): string[] {
  return connection.clients ?? [...state.clients.keys()]
}

function pickConnectionFields(connection: Record<string, unknown>, query: Parameters<typeof pickFields>[1]) {
  return pickFields(connection, query, query.include_fields === 'false' ? NEVER_EXCLUDED : ALWAYS_INCLUDED)
}

function queryOf(queries: Record<string, string[]>): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(queries).map(([key, values]) => [key, key === 'strategy' ? values : (values[0] ?? '')]),
  )
}

function toManagementConnection(connection: StoredConnection, scopes: string[]): Record<string, unknown> {
  const {
    clients: _clients,
    options,
    scim_configuration: _scim,
    directory_provisioning: _directory,
    ...shown
  } = connection
  return {
    ...shown,
    realms: [connection.name],
    is_domain_connection: false,
    ...(scopes.includes('read:connections_options') && { options }),
  }
}
