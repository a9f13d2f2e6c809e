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
import { EitherQuery, eitherPage, FilledOffsetQuery } from '../management/offset-page'
import { readPayload } from '../management/payload'
import { findResourceServer } from '../management/resource-server'
import type { StoredClientGrant } from '../model'
import type { TenantState } from '../state'

const SubjectType = z.enum(['client', 'user'])

const ListQuery = z.strictObject({
  ...EitherQuery,
  ...FilledOffsetQuery,
  audience: z.string().optional(),
  client_id: z.string().optional(),
  subject_type: SubjectType.optional(),
  allow_any_organization: z.enum(['true', 'false']).optional(),
  default_for: z.enum(['third_party_clients']).optional(),
})

const fields = {
  scope: z.array(z.string().min(1).max(280)).describe('Scopes allowed for this client grant.').optional(),
  allow_all_scopes: z
    .boolean()
    .describe('If enabled, all scopes configured on the resource server are allowed for this grant.')
    .optional(),
  allow_any_organization: z
    .boolean()
    .describe(
      'If enabled, any organization can be used with this grant. If disabled (default), the grant must be explicitly assigned to the desired organizations.',
    )
    .optional(),
  organization_usage: z
    .enum(['deny', 'allow', 'require'])
    .describe('Defines whether organizations can be used with client credentials exchanges for this grant.')
    .optional(),
  authorization_details_types: z
    .array(z.string().min(1).max(255))
    .describe('Types of authorization_details allowed for this client grant.')
    .optional(),
}

const NewGrant = z.strictObject({
  ...fields,
  client_id: z.string().min(1).describe('ID of the client.').optional(),
  default_for: z.enum(['third_party_clients']).optional(),
  audience: z.string().min(1).describe('The audience (API identifier) of this client grant'),
  subject_type: SubjectType.describe('The type of application access the client grant allows.').optional(),
})

const GrantChange = z.strictObject(fields)

/**
 * Reads, creates, changes and deletes client grants. A grant lists the scopes of an API that a client may request, either
 * for itself (`subject_type` `client`) or for users (`user`). These scopes need not exist at the API.
 *
 * @see https://auth0.com/docs/api/management/v2/client-grants
 */
export function clientGrants(state: TenantState): Hono<ManagementEnv> {
  const app = new Hono<ManagementEnv>()

  app.get('/api/v2/client-grants', (context) => {
    requireScope(context.get('caller'), ['read:client_grants'])
    const query = parsePart(ListQuery, context.req.query(), 'Query')
    const { client_id: client, audience, subject_type: type, default_for: defaultFor } = query
    const anyOrganization = query.allow_any_organization
    const found = state.clientGrants
      .filter((grant) => client === undefined || grant.client_id === client)
      .filter((grant) => audience === undefined || grant.audience === audience)
      .filter((grant) => type === undefined || grant.subject_type === type)
      .filter((grant) => defaultFor === undefined || grant.default_for === defaultFor)
      .filter(
        (grant) =>
          anyOrganization === undefined || String(grant.allow_any_organization ?? false) === anyOrganization,
      )
    context.set('total', found.length)
    return context.json(eitherPage('client_grants', found, query))
  })

  app.get('/api/v2/client-grants/:id', (context) => {
    requireScope(context.get('caller'), ['read:client_grants'])
    return context.json(requireGrant(state, context.req.param('id')))
  })

  app.post('/api/v2/client-grants', async (context) => {
    requireScope(context.get('caller'), ['create:client_grants'])
    const input = parsePart(NewGrant, await readPayload(context.req), 'Payload')
    if (input.client_id !== undefined) requireClient(state, input.client_id)
    if (!findResourceServer(state, input.audience)) {
      throw new ManagementRefusal(404, 'Resource server not found.', 'inexistent_resource_server')
    }
    const grant = {
      id: `cgr_${randomBytes(8).toString('hex')}`,
      subject_type: 'client' as const,
      ...(input.allow_all_scopes !== true && { scope: [] }),
      ...input,
    }
    refuseTaken(state, grant)
    state.clientGrants.push(grant)
    context.set('effect', 'create')
    return context.json(grant, 201)
  })

  app.patch('/api/v2/client-grants/:id', async (context) => {
    requireScope(context.get('caller'), ['update:client_grants'])
    const grant = requireGrant(state, context.req.param('id'))
    Object.assign(grant, parsePart(GrantChange, await readPayload(context.req), 'Payload'))
    if (grant.allow_all_scopes === true) delete grant.scope
    else grant.scope ??= []
    context.set('effect', 'patch')
    return context.json(grant)
  })

  app.delete('/api/v2/client-grants/:id', (context) => {
    requireScope(context.get('caller'), ['delete:client_grants'])
    const id = context.req.param('id')
    const rest = state.clientGrants.filter((grant) => grant.id !== id)
    // Deleting a grant that does not exist succeeds too.
    if (rest.length < state.clientGrants.length) context.set('effect', 'delete')
    state.clientGrants = rest
    return context.body(null, 204)
  })

  return app
}

function refuseTaken(state: TenantState, grant: StoredClientGrant): void {
  const { client_id: client, default_for: defaultFor, audience, subject_type: type } = grant
  const isTaken = state.clientGrants.some(
    (each) =>
      each.client_id === client &&
      each.default_for === defaultFor &&
      each.audience === audience &&
      each.subject_type === type,
  )
  if (!isTaken) return
  throw new ManagementRefusal(
    409,
    `A client grant already exists between ${client ?? defaultFor} and ${audience}`,
  )
}

function requireGrant(state: TenantState, id: string): StoredClientGrant {
  const grant = state.clientGrants.find((each) => each.id === id)
  if (!grant) throw new ManagementRefusal(404, 'The grant does not exist.', 'inexistent_client_grant')
  return grant
}
