/**
 * `/api/v2/organizations/{id}/members` and the roles of a member.
 * @module
 */
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { CheckpointQuery } from '../management/checkpoint-page'
import { type ManagementEnv, requireScope } from '../management/management-auth'
import { ManagementRefusal, parsePart } from '../management/management-errors'
import {
  PageQuery,
  RoleIds,
  requireOrganization,
  requireRoles,
  requireUser,
  rolesNamed,
  withoutRoles,
  withRoles,
} from '../management/management-rights'
import { computedProfile, FieldsQuery, pickFields } from '../management/management-user'
import { eitherPage } from '../management/offset-page'
import { parseUserId, UserIdText } from '../management/parse-user-id'
import { readPayload } from '../management/payload'
import type { StoredUser } from '../model'
import { membershipOf, rightsOf } from '../rights'
import type { Membership } from '../rights-model'
import type { TenantState } from '../state'

const ListQuery = PageQuery.extend(CheckpointQuery).extend(FieldsQuery)

const Members = z.strictObject({ members: z.array(UserIdText).min(1).max(10) })

/**
 * Reads, adds and removes the members of an organization, and their roles in it.
 *
 * @see https://auth0.com/docs/api/management/v2/organizations/get-organization-members
 * @see https://auth0.com/docs/api/management/v2/organizations/get-organization-member-roles
 */
export function organizationMembers(state: TenantState): Hono<ManagementEnv> {
  const app = new Hono<ManagementEnv>()
  const path = '/api/v2/organizations/:id/members'
  const rolesPath = `${path}/:user/roles` as const

  app.get(path, (context) => {
    requireScope(context.get('caller'), ['read:organization_members'])
    const query = parsePart(ListQuery, context.req.query(), 'Query')
    const { name } = requireOrganization(state, context.req.param('id'))
    const all = [...state.users.values()]
      .filter((user) => membershipOf(user, name))
      .map((user) => pickFields(toMember(user), query))
    if (query.take !== undefined || query.from !== undefined) return context.json(checkpoint(all, query))
    context.set('total', all.length)
    return context.json(eitherPage('members', all, query))
  })

  app.post(path, async (context) => {
    requireScope(context.get('caller'), ['create:organization_members'])
    const { members } = parsePart(Members, await readPayload(context.req), 'Payload')
    const { name } = requireOrganization(state, context.req.param('id'))
    for (const user of members.map((id) => requireUser(state, id))) {
      if (membershipOf(user, name)) continue
      rightsOf(user).organizations.push({ name, roles: [] })
      context.set('effect', 'create')
    }
    return context.body(null, 204)
  })

  app.delete(path, async (context) => {
    requireScope(context.get('caller'), ['delete:organization_members'])
    const { members } = parsePart(Members, await readPayload(context.req), 'Payload')
    const { name } = requireOrganization(state, context.req.param('id'))
    for (const user of members.flatMap((id) => state.users.get(id) ?? [])) {
      if (!membershipOf(user, name)) continue
      const rights = rightsOf(user)
      rights.organizations = rights.organizations.filter((each) => each.name !== name)
      context.set('effect', 'delete')
    }
    return context.body(null, 204)
  })

  app.get(rolesPath, (context) => {
    requireScope(context.get('caller'), ['read:organization_member_roles'])
    const query = parsePart(PageQuery, context.req.query(), 'Query')
    const { roles } = requireMembership(context)
    context.set('total', roles.length)
    return context.json(eitherPage('roles', rolesNamed(state, roles), query))
  })

  app.post(rolesPath, async (context) => {
    requireScope(context.get('caller'), ['create:organization_member_roles'])
    const { roles: ids } = parsePart(RoleIds, await readPayload(context.req), 'Payload')
    const membership = requireMembership(context)
    const after = withRoles(membership.roles, requireRoles(state, ids), 'organization member')
    if (after.length > membership.roles.length) context.set('effect', 'create')
    membership.roles = after
    return context.body(null, 204)
  })

  app.delete(rolesPath, async (context) => {
    requireScope(context.get('caller'), ['delete:organization_member_roles'])
    const { roles: ids } = parsePart(RoleIds, await readPayload(context.req), 'Payload')
    const membership = requireMembership(context)
    const after = withoutRoles(membership.roles, requireRoles(state, ids))
    if (after.length < membership.roles.length) context.set('effect', 'delete')
    membership.roles = after
    return context.body(null, 204)
  })

  function requireMembership(context: Context<ManagementEnv, typeof rolesPath>): Membership {
    const { name } = requireOrganization(state, context.req.param('id'))
    const user = requireUser(state, parseUserId(context.req.param('user')))
    const membership = membershipOf(user, name)
    if (membership) return membership
    throw new ManagementRefusal(400, 'The user is not a member of the organization.')
  }

  return app
}

function toMember(user: StoredUser): Record<string, unknown> {
  const { user_id, email, picture, name } = { ...computedProfile(user), ...user }
  return { user_id, ...(email !== undefined && { email }), picture, name }
}

/** Returns a page by checkpoint. As at Auth0, every page that is not empty has a `next`, the last one too. */
function checkpoint(
  all: Record<string, unknown>[],
  { from, take = 50 }: { from?: string | undefined; take?: number | undefined },
): Record<string, unknown> {
  const start = Number(from ?? 0)
  const members = all.slice(start, start + take)
  return { members, ...(members.length > 0 && { next: String(start + members.length) }) }
}
