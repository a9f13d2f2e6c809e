/**
 * Roles, permissions and organizations in the form that the Management API shows.
 * @module
 */
import { z } from 'zod'
import type { StoredUser } from '../model'
import type { Permission, StoredRole } from '../rights-model'
import type { TenantState } from '../state'
import type { StoredOrganization } from '../world/brand'
import type { Caller } from './management-auth'
import { ManagementRefusal, userMissing } from './management-errors'
import { FilledOffsetQuery } from './offset-page'
import { findResourceServer } from './resource-server'

/** The most roles that a user, or a member of an organization, may have. */
const MAX_ROLES = 50

/** The query parameters of a list that is read by page number. */
export const PageQuery = z.strictObject({
  ...FilledOffsetQuery,
  include_totals: z.enum(['true', 'false']).optional(),
})

/** A body that names roles. */
export const RoleIds = z.strictObject({ roles: z.array(z.string().min(1)).min(1) })

/**
 * Requires that a user exists.
 *
 * @throws {ManagementRefusal} 404 `inexistent_user`.
 */
export function requireUser(state: TenantState, id: string): StoredUser {
  const user = state.users.get(id)
  if (!user) throw userMissing()
  return user
}

/**
 * Requires the scope `one`, or all of the scopes in `all` together.
 *
 * @throws {ManagementRefusal} 403 `insufficient_scope`.
 */
export function requireOneOrAll(caller: Caller, one: string, all: string[]): void {
  if (caller.scopes.includes(one)) return
  if (all.every((scope) => caller.scopes.includes(scope))) return
  throw new ManagementRefusal(
    403,
    `Insufficient scope, expected all of: ${all.join(',')}`,
    'insufficient_scope',
  )
}

/**
 * Finds roles by their ids.
 *
 * @throws {ManagementRefusal} 404 `inexistent_role` if one does not exist.
 */
export function requireRoles(state: TenantState, ids: string[]): StoredRole[] {
  return ids.map((id) => {
    const role = state.roles.find((each) => each.id === id)
    if (!role) throw new ManagementRefusal(404, 'The role does not exist.', 'inexistent_role')
    return role
  })
}

/** Returns the roles with these names, in that order. */
export function rolesNamed(state: TenantState, names: string[]): StoredRole[] {
  return names.flatMap((name) => state.roles.find((role) => role.name === name) ?? [])
}

/**
 * Adds roles to a list of role names. A role that is already in the list is not added again.
 *
 * @param held - The list of role names; not changed.
 * @param added - The roles to add.
 * @param holder - Who has the roles, for the error message: `user` or `organization member`.
 * @throws {ManagementRefusal} 409 if the result has more than 50 roles.
 */
export function withRoles(held: string[], added: StoredRole[], holder: string): string[] {
  const after = [...new Set([...held, ...added.map(({ name }) => name)])]
  if (after.length <= MAX_ROLES) return after
  throw new ManagementRefusal(409, `No more roles can be assigned to this ${holder}.`)
}

/** Returns a list of role names without the removed roles. */
export function withoutRoles(held: string[], removed: StoredRole[]): string[] {
  return held.filter((name) => !removed.some((role) => role.name === name))
}

/**
 * Returns a user's permission in the form of `GET /users/{id}/permissions`.
 *
 * @see https://auth0.com/docs/api/management/v2/users/get-permissions
 */
export function toManagementPermission(state: TenantState, permission: Permission): Record<string, unknown> {
  const { resource_server_identifier, permission_name } = permission
  const server = findResourceServer(state, resource_server_identifier)
  const scope = server?.scopes?.find(({ value }) => value === permission_name)
  return {
    permission_name,
    description: scope?.description ?? '',
    resource_server_name: server?.name ?? resource_server_identifier,
    resource_server_identifier,
    sources: [{ source_id: '', source_name: '', source_type: 'DIRECT' }],
  }
}

/**
 * Requires that an organization exists.
 *
 * @throws {ManagementRefusal} 404 `inexistent_organization`.
 */
export function requireOrganization(state: TenantState, id: string): StoredOrganization {
  const found = state.brand.organizations.find((each) => each.id === id)
  if (found) return found
  throw new ManagementRefusal(404, 'No organization found by that id or name', 'inexistent_organization')
}

/**
 * Returns an organization in the form of `GET /organizations/{id}`.
 *
 * @see https://auth0.com/docs/api/management/v2/organizations/get-organizations-by-id
 */
export function toManagementOrganization({
  id,
  name,
  display_name,
  branding,
}: StoredOrganization): Record<string, unknown> {
  return { id, name, display_name: display_name ?? name, ...(branding && { branding }) }
}
