/**
 * `/api/v2/client-grants`.
 * @module
 */
import { randomBytes } from 'node:crypto'
import { Hono } from 'hono'
import { z } from 'zod'
import { type ManagementEnv, requireScope } from '../management/management-auth'
import { requireClient } from '../management/management-client'
import { ManagementRefusal, parsePart } from '../management/management-errors'
import { EitherQuery, eitherPage } from '../management/offset-page'
import { readPayload } from '../management/payload'
import type { TenantState } from '../state'
import type { StoredClientGrant } from '../store'

const ListQuery = z.strictObject({
  ...EitherQuery,
  audience: z.string().optional(),
  client_id: z.string().optional(),
})

const Scope = z.array(z.string().min(1))

const NewGrant = z.strictObject({ client_id: z.string().min(1), audience: z.string().min(1), scope: Scope })

const GrantChange = z.strictObject({ scope: Scope })

/**
 * What clients may ask of the Management API, the only one that the tenant has. Scopes are not compared with a list.
 *
 * @see https://auth0.com/docs/api/management/v2/client-grants
 */
export function clientGrants(state: TenantState): Hono<ManagementEnv> {
  const app = new Hono<ManagementEnv>()

  app.get('/api/v2/client-grants', (context) => {
    requireScope(context.get('caller'), ['read:client_grants'])
    const query = parsePart(ListQuery, context.req.query(), 'Query')
    const found = state.clientGrants
      .filter((grant) => query.client_id === undefined || grant.client_id === query.client_id)
      .filter(({ audience }) => query.audience === undefined || audience === query.audience)
    return context.json(eitherPage('client_grants', found, query))
  })

  app.post('/api/v2/client-grants', async (context) => {
    requireScope(context.get('caller'), ['create:client_grants'])
    const input = parsePart(NewGrant, await readPayload(context.req), 'Payload')
    requireClient(state, input.client_id)
    if (!state.managementAudiences().includes(input.audience)) {
      throw new ManagementRefusal(404, 'Resource server not found.', 'inexistent_resource_server')
    }
    const isTaken = state.clientGrants.some(
      (grant) => grant.client_id === input.client_id && grant.audience === input.audience,
    )
    if (isTaken) throw new ManagementRefusal(409, 'A resource with the same key already exists.')
    const grant = { id: `cgr_${randomBytes(8).toString('hex')}`, ...input }
    state.clientGrants.push(grant)
    context.set('effect', 'create')
    return context.json(grant, 201)
  })

  app.patch('/api/v2/client-grants/:id', async (context) => {
    requireScope(context.get('caller'), ['update:client_grants'])
    const grant = requireGrant(state, context.req.param('id'))
    grant.scope = parsePart(GrantChange, await readPayload(context.req), 'Payload').scope
    context.set('effect', 'patch')
    return context.json(grant)
  })

  app.delete('/api/v2/client-grants/:id', (context) => {
    requireScope(context.get('caller'), ['delete:client_grants'])
    const { id } = requireGrant(state, context.req.param('id'))
    state.clientGrants = state.clientGrants.filter((grant) => grant.id !== id)
    context.set('effect', 'delete')
    return context.body(null, 204)
  })

  return app
}

function requireGrant(state: TenantState, id: string): StoredClientGrant {
  const grant = state.clientGrants.find((each) => each.id === id)
  if (!grant) throw new ManagementRefusal(404, 'The grant does not exist.', 'inexistent_client_grant')
  return grant
}
