/**
 * `/api/v2/roles` and `/api/v2/users/{id}/roles`.
 * @module
 */
import { randomBytes } from 'node:crypto'
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { type ManagementEnv, requireScope } from '../management/management-auth'
import { ManagementRefusal, parsePart } from '../management/management-errors'
import {
  PageQuery,
  RoleIds,
  requireOneOrAll,
  requireRoles,
  requireUser,
  rolesNamed,
  withoutRoles,
  withRoles,
} from '../management/management-rights'
import { eitherPage } from '../management/offset-page'
import { parseUserId } from '../management/parse-user-id'
import { readPayload } from '../management/payload'
import { rightsOf } from '../rights'
import type { StoredRole } from '../rights-model'
import type { TenantState } from '../state'

const ListQuery = PageQuery.extend({ name_filter: z.string().optional() })

const NewRole = z.strictObject({
  name: z.string().min(1).describe('Name of the role.'),
  description: z.string().describe('Description of the role.').optional(),
})

/**
 * Reads, creates and deletes roles, assigns them to users, and removes them from users.
 *
 * @see https://auth0.com/docs/api/management/v2/roles
 * @see https://auth0.com/docs/api/management/v2/users/get-user-roles
 */
export function roles(state: TenantState): Hono<ManagementEnv> {
  const app = new Hono<ManagementEnv>()

  app.get('/api/v2/roles', (context) => {
    requireScope(context.get('caller'), ['read:roles'])
    const { name_filter: filter = '', ...query } = parsePart(ListQuery, context.req.query(), 'Query')
    const found = state.roles.filter(({ name }) => name.toLowerCase().includes(filter.toLowerCase()))
    context.set('total', found.length)
    return context.json(eitherPage('roles', found, query))
  })

  app.get('/api/v2/roles/:id', (context) => {
    requireScope(context.get('caller'), ['read:roles'])
    const [role] = requireRoles(state, [context.req.param('id')])
    return context.json(role)
  })

  app.post('/api/v2/roles', async (context) => {
    requireScope(context.get('caller'), ['create:roles'])
    const { name, description = '' } = parsePart(NewRole, await readPayload(context.req), 'Payload')
    if (state.roles.some((role) => role.name === name))
      throw new ManagementRefusal(409, `Role name already exists: ${name}`)
    const role: StoredRole = { id: `rol_${randomBytes(8).toString('hex')}`, name, description }
    state.roles.push(role)
    context.set('effect', 'create')
    return context.json(role)
  })

  app.delete('/api/v2/roles/:id', (context) => {
    requireScope(context.get('caller'), ['delete:roles'])
    const removed = requireRoles(state, [context.req.param('id')])
    state.roles = state.roles.filter((role) => !removed.includes(role))
    for (const { rights } of state.users.values()) {
      if (!rights) continue
      rights.roles = withoutRoles(rights.roles, removed)
      for (const membership of rights.organizations)
        membership.roles = withoutRoles(membership.roles, removed)
    }
    context.set('effect', 'delete')
    return context.json({})
  })

  const path = '/api/v2/users/:id/roles'

  app.get(path, (context) => {
    const id = parseUserId(context.req.param('id'))
    requireOneOrAll(context.get('caller'), 'read:role_members', ['read:users', 'read:roles'])
    const query = parsePart(PageQuery, context.req.query(), 'Query')
    const held = rolesNamed(state, rightsOf(requireUser(state, id)).roles)
    context.set('total', held.length)
    return context.json(eitherPage('roles', held, query))
  })

  app.post(path, (context) => change(context, 'create:role_members'))
  app.delete(path, (context) => change(context, 'delete:role_members'))

  async function change(
    context: Context<ManagementEnv, typeof path>,
    scope: 'create:role_members' | 'delete:role_members',
  ): Promise<Response> {
    const id = parseUserId(context.req.param('id'))
    requireScope(context.get('caller'), ['update:users', scope])
    const { roles: ids } = parsePart(RoleIds, await readPayload(context.req), 'Payload')
    const rights = rightsOf(requireUser(state, id))
    const named = requireRoles(state, ids)
    const isAdding = scope === 'create:role_members'
    const after = isAdding ? withRoles(rights.roles, named, 'user') : withoutRoles(rights.roles, named)
    if (after.length !== rights.roles.length) context.set('effect', isAdding ? 'create' : 'delete')
    rights.roles = after
    return context.body(null, 204)
  }

  return app
}
