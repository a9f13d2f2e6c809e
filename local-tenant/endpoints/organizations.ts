/**
 * `/api/v2/organizations`, without members, and `/api/v2/users/{id}/organizations`.
 * @module
 */
import { Hono } from 'hono'
import { z } from 'zod'
import { CheckpointQuery } from '../management/checkpoint-page'
import { type ManagementEnv, requireScope } from '../management/management-auth'
import { ManagementRefusal, parsePart } from '../management/management-errors'
import {
  PageQuery,
  requireOrganization,
  requireUser,
  toManagementOrganization,
} from '../management/management-rights'
import { eitherPage } from '../management/offset-page'
import { parseUserId } from '../management/parse-user-id'
import { membershipOf } from '../rights'
import type { TenantState } from '../state'
import type { StoredOrganization } from '../world/brand'

const ListQuery = PageQuery.extend(CheckpointQuery).extend({ sort: z.string().max(15).optional() })

const ConnectionsQuery = PageQuery.extend({ is_enabled: z.enum(['true', 'false']).optional() })

/** Properties that `/connections` shows in addition to those of the older `/enabled_connections`. */
const ENABLED = { is_enabled: true, organization_access_level: 'none' }

/**
 * Reads organizations, their connections, and the organizations that a user is a member of. Deletes organizations.
 *
 * @see https://auth0.com/docs/api/management/v2/organizations
 */
export function organizations(state: TenantState): Hono<ManagementEnv> {
  const app = new Hono<ManagementEnv>()

  app.get('/api/v2/organizations', (context) => {
    requireScope(context.get('caller'), ['read:organizations', 'read:organizations_summary'])
    const query = parsePart(ListQuery, context.req.query(), 'Query')
    const all = state.brand.organizations.map(toManagementOrganization)
    context.set('total', all.length)
    return context.json(eitherPage('organizations', all, query))
  })

  app.get('/api/v2/organizations/name/:name', (context) => {
    requireScope(context.get('caller'), ['read:organizations'])
    const found = state.brand.organizations.find(({ name }) => name === context.req.param('name'))
    if (found) return context.json(toManagementOrganization(found))
    throw new ManagementRefusal(404, 'No organization found by that id or name', 'inexistent_organization')
  })

  app.get('/api/v2/organizations/:id', (context) => {
    requireScope(context.get('caller'), ['read:organizations'])
    return context.json(toManagementOrganization(requireOrganization(state, context.req.param('id'))))
  })

  app.delete('/api/v2/organizations/:id', (context) => {
    requireScope(context.get('caller'), ['delete:organizations'])
    const { id, name } = requireOrganization(state, context.req.param('id'))
    state.brand.organizations = state.brand.organizations.filter((each) => each.id !== id)
    for (const { rights } of state.users.values()) {
      if (rights) rights.organizations = rights.organizations.filter((each) => each.name !== name)
    }
    context.set('effect', 'delete')
    return context.body(null, 204)
  })

  app.get('/api/v2/organizations/:id/enabled_connections', (context) => {
    requireScope(context.get('caller'), ['read:organization_connections'])
    const query = parsePart(PageQuery, context.req.query(), 'Query')
    const enabled = enabledConnections(state, requireOrganization(state, context.req.param('id')))
    context.set('total', enabled.length)
    return context.json(eitherPage('enabled_connections', enabled, query))
  })

  app.get('/api/v2/organizations/:id/connections', (context) => {
    requireScope(context.get('caller'), ['read:organization_connections'])
    const { is_enabled: wanted, ...query } = parsePart(ConnectionsQuery, context.req.query(), 'Query')
    const enabled = enabledConnections(state, requireOrganization(state, context.req.param('id')))
    const shown = wanted === 'false' ? [] : enabled.map((connection) => ({ ...connection, ...ENABLED }))
    context.set('total', shown.length)
    return context.json(eitherPage('connections', shown, query))
  })

  app.get('/api/v2/users/:id/organizations', (context) => {
    const id = parseUserId(context.req.param('id'))
    requireScope(context.get('caller'), ['read:organizations'])
    const query = parsePart(PageQuery, context.req.query(), 'Query')
    const user = requireUser(state, id)
    const held = state.brand.organizations.filter(({ name }) => membershipOf(user, name))
    context.set('total', held.length)
    return context.json(eitherPage('organizations', held.map(toManagementOrganization), query))
  })

  return app
}

/**
 * Returns the connections that are enabled for an organization: all of them if it names none. A login through such a
 * connection never makes the user a member.
 */
function enabledConnections(
  { connections }: TenantState,
  { connections: enabled }: StoredOrganization,
): Record<string, unknown>[] {
  return connections
    .filter(({ name }) => enabled?.includes(name) ?? true)
    .map(({ id, name, strategy }) => ({
      connection_id: id,
      assign_membership_on_login: false,
      show_as_button: true,
      ...(strategy === 'auth0' && { is_signup_enabled: false }),
      connection: { name, strategy },
    }))
}
