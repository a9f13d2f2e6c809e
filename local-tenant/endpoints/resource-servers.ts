/**
 * `/api/v2/resource-servers`.
 * @module
 */
import { randomBytes } from 'node:crypto'
import { Hono } from 'hono'
import { z } from 'zod'
import { type ManagementEnv, requireScope } from '../management/management-auth'
import { ManagementRefusal, parsePart } from '../management/management-errors'
import { FieldsQuery, pickFields } from '../management/management-user'
import { eitherPage, FilledOffsetQuery } from '../management/offset-page'
import { readPayload } from '../management/payload'
import {
  changeResourceServer,
  NewResourceServer,
  ResourceServerChange,
  requireResourceServer,
  toResourceServer,
} from '../management/resource-server'
import type { TenantState } from '../state'

const ListQuery = z.strictObject({
  ...FieldsQuery,
  ...FilledOffsetQuery,
  include_totals: z.enum(['true', 'false']).optional(),
  identifiers: z.string().optional(),
})

/**
 * Reads, creates, changes and deletes APIs. A path may contain the percent-encoded identifier instead of the id.
 *
 * @see https://auth0.com/docs/api/management/v2/resource-servers
 */
export function resourceServers(state: TenantState): Hono<ManagementEnv> {
  const app = new Hono<ManagementEnv>()
  const path = '/api/v2/resource-servers/:id'

  app.get('/api/v2/resource-servers', (context) => {
    requireScope(context.get('caller'), ['read:resource_servers'])
    const query = parsePart(ListQuery, context.req.query(), 'Query')
    const wanted = context.req.queries('identifiers')
    const found = state.resourceServers
      .filter(({ identifier }) => wanted?.includes(identifier) ?? true)
      .map((server) => pickFields(server, query))
    context.set('total', found.length)
    return context.json(eitherPage('resource_servers', found, query))
  })

  app.get(path, (context) => {
    requireScope(context.get('caller'), ['read:resource_servers'])
    return context.json(requireResourceServer(state, context.req.param('id')))
  })

  app.post('/api/v2/resource-servers', async (context) => {
    requireScope(context.get('caller'), ['create:resource_servers'])
    const input = parsePart(NewResourceServer, await readPayload(context.req), 'Payload')
    if (state.resourceServers.some(({ identifier }) => identifier === input.identifier))
      throw new ManagementRefusal(409, 'A resource with the same key already exists.')
    const server = toResourceServer(input, randomBytes(12).toString('hex'))
    state.resourceServers.push(server)
    context.set('effect', 'create')
    return context.json(server, 201)
  })

  app.patch(path, async (context) => {
    requireScope(context.get('caller'), ['update:resource_servers'])
    const server = requireResourceServer(state, context.req.param('id'))
    changeResourceServer(server, parsePart(ResourceServerChange, await readPayload(context.req), 'Payload'))
    context.set('effect', 'patch')
    return context.json(server)
  })

  app.delete(path, (context) => {
    requireScope(context.get('caller'), ['delete:resource_servers'])
    const { id, identifier, is_system: isSystem } = requireResourceServer(state, context.req.param('id'))
    if (isSystem === true) throw new ManagementRefusal(400, 'System resource servers cannot be deleted.')
    state.resourceServers = state.resourceServers.filter((server) => server.id !== id)
    state.clientGrants = state.clientGrants.filter(({ audience }) => audience !== identifier)
    context.set('effect', 'delete')
    return context.body(null, 204)
  })

  return app
}
