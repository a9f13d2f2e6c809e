/**
 * `/api/v2/users/{id}/permissions`.
 * @module
 */
import { Hono } from 'hono'
import { z } from 'zod'
import { type ManagementEnv, requireScope } from '../management/management-auth'
import { ManagementRefusal, parsePart } from '../management/management-errors'
import { PageQuery, requireUser, toManagementPermission } from '../management/management-rights'
import { eitherPage } from '../management/offset-page'
import { parseUserId } from '../management/parse-user-id'
import { readPayload } from '../management/payload'
import { findResourceServer, scopesOf } from '../management/resource-server'
import { holdsPermission, isSamePermission, rightsOf } from '../rights'
import type { Permission } from '../rights-model'
import type { TenantState } from '../state'

/** The most permissions that a user may have directly, not through roles. */
const MAX_PERMISSIONS = 1_000

const Permissions = z.strictObject({
  permissions: z
    .array(
      z.strictObject({
        resource_server_identifier: z
          .string()
          .describe('Resource server (API) identifier that this permission is for.'),
        permission_name: z.string().describe('Name of this permission.'),
      }),
    )
    .min(1),
})

/**
 * Reads, adds and removes the permissions that a user has directly, not through roles.
 *
 * @see https://auth0.com/docs/api/management/v2/users/get-permissions
 */
export function userPermissions(state: TenantState): Hono<ManagementEnv> {
  const app = new Hono<ManagementEnv>()
  const path = '/api/v2/users/:id/permissions'

  app.get(path, (context) => {
    const id = parseUserId(context.req.param('id'))
    requireScope(context.get('caller'), ['read:users'])
    const query = parsePart(PageQuery, context.req.query(), 'Query')
    const { permissions } = rightsOf(requireUser(state, id))
    context.set('total', permissions.length)
    const shown = permissions.map((permission) => toManagementPermission(state, permission))
    return context.json(eitherPage('permissions', shown, query))
  })

  app.post(path, async (context) => {
    const id = parseUserId(context.req.param('id'))
    requireScope(context.get('caller'), ['update:users'])
    const { permissions } = parsePart(Permissions, await readPayload(context.req), 'Payload')
    const user = requireUser(state, id)
    for (const permission of permissions) assertDefined(state, permission)
    const rights = rightsOf(user)
    const added = permissions.filter(
      (permission, index) =>
        !holdsPermission(user, permission) &&
        permissions.findIndex((each) => isSamePermission(each, permission)) === index,
    )
    if (rights.permissions.length + added.length > MAX_PERMISSIONS)
      throw new ManagementRefusal(409, 'No more permissions can be assigned to this user.')
    rights.permissions.push(...added)
    if (added.length > 0) context.set('effect', 'create')
    return context.json({}, 201)
  })

  app.delete(path, async (context) => {
    const id = parseUserId(context.req.param('id'))
    requireScope(context.get('caller'), ['update:users'])
    const { permissions } = parsePart(Permissions, await readPayload(context.req), 'Payload')
    const rights = rightsOf(requireUser(state, id))
    const kept = rights.permissions.filter(
      (held) => !permissions.some((permission) => isSamePermission(held, permission)),
    )
    if (kept.length < rights.permissions.length) context.set('effect', 'delete')
    rights.permissions = kept
    return context.body(null, 204)
  })

  return app
}

function assertDefined(state: TenantState, permission: Permission): void {
  const { resource_server_identifier: identifier, permission_name: name } = permission
  const server = findResourceServer(state, identifier)
  if (!server) {
    const message = `The resource server does not exist: "${identifier}"`
    throw new ManagementRefusal(404, message, 'inexistent_resource_server')
  }
  if (scopesOf(server).includes(name)) return
  const message = `The permission does not exist: "${name}"`
  throw new ManagementRefusal(404, message, 'inexistent_resource_server_permission')
}
