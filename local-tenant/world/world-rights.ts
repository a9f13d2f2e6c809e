/**
 * Roles in the world JSON (the description of a tenant, see `world.ts`), and the rights of its users.
 * @module
 */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { StoredResourceServer, StoredUser } from '../model'
import { METHOD_TYPES, type StoredMethod, type StoredRole, type UserRights } from '../rights-model'

/** The schema of a role in a world. */
export const WorldRole = z.strictObject({
  id: z.string().optional(),
  name: z.string().min(1),
  description: z.string().optional(),
})

/** A role in a world, before defaults. */
export type WorldRole = z.input<typeof WorldRole>

const WorldMethod = z.strictObject({
  id: z.string().optional(),
  type: z.enum(METHOD_TYPES),
  name: z.string().optional(),
  created_at: z.iso.datetime({ offset: true }).optional(),
  phone_number: z.string().optional(),
  email: z.string().optional(),
  preferred_authentication_method: z.enum(['sms', 'voice']).optional(),
  key_id: z.string().optional(),
  public_key: z.string().optional(),
  relying_party_identifier: z.string().optional(),
})

/** The schema of a user's rights in the world JSON. */
export const WorldRights = {
  /** Names of roles. */
  roles: z.array(z.string()).optional(),
  permissions: z
    .array(z.strictObject({ resource_server_identifier: z.string(), permission_name: z.string() }))
    .optional(),
  organizations: z
    .array(z.strictObject({ name: z.string(), roles: z.array(z.string()).optional() }))
    .optional(),
  authentication_methods: z.array(WorldMethod).optional(),
}

/** @see {@link WorldRights} */
export type WorldRights = z.output<z.ZodObject<typeof WorldRights>>

/**
 * Completes a role of a world. Its id is derived from its name, so that the id is the same in every run.
 *
 * @see https://auth0.com/docs/api/management/v2/roles/get-roles
 */
export function toStoredRole({ id, name, description = '' }: WorldRole): StoredRole {
  return { id: id ?? `rol_${shortHash(name)}`, name, description }
}

/**
 * Completes the rights of a user of a world.
 *
 * @param given - The rights as in the world JSON.
 * @param owner - The user: its id, its email address if it has one, and when it was created.
 */
export function toRights(
  given: WorldRights,
  owner: { user_id: string; email?: string | undefined; created_at: string },
): UserRights {
  const { roles = [], permissions = [], organizations = [], authentication_methods: methods = [] } = given
  return {
    roles,
    permissions,
    organizations: organizations.map(({ name, roles: roleNames = [] }) => ({ name, roles: roleNames })),
    authentication_methods: methods.map((method, index) => ({
      ...defaultsOf(method.type, owner.email, `${owner.user_id} ${index}`),
      created_at: owner.created_at,
      ...method,
      id: method.id ?? methodId(method.type, `${owner.user_id} ${index}`),
    })),
  }
}

/**
 * Returns the id of an authentication method.
 *
 * @param seed - The same seed gives the same id.
 */
export function methodId(type: StoredMethod['type'], seed: string): string {
  return `${type}|dev_${shortHash(seed)}`
}

function defaultsOf(
  type: StoredMethod['type'],
  email: string | undefined,
  seed: string,
): Partial<StoredMethod> {
  switch (type) {
    case 'phone':
      return { phone_number: '+15555550100', preferred_authentication_method: 'sms' }
    case 'email':
      return { email: email ?? 'someone@example.com' }
    case 'passkey':
    case 'webauthn-roaming':
    case 'webauthn-platform':
      return {
        key_id: createHash('sha256').update(`key ${seed}`).digest('base64url'),
        public_key: createHash('sha512').update(`public key ${seed}`).digest('base64'),
        relying_party_identifier: 'localhost',
      }
    default:
      return {}
  }
}

/** Returns a user's rights as in the world JSON, without empty lists. */
export function exportedRights(rights: UserRights | undefined): WorldRights {
  return Object.fromEntries(Object.entries(rights ?? {}).filter(([, held]) => held.length > 0))
}

/**
 * Requires that all roles and organizations of a world's users exist.
 *
 * @throws {Error} If one does not exist. The message names the user and what does not exist.
 */
export function assertNamesExist(
  users: StoredUser[],
  roles: { name: string }[],
  organizations: { name: string }[],
): void {
  const isKnown = (list: { name: string }[], wanted: string) => list.some(({ name }) => name === wanted)
  for (const { user_id: id, rights } of users) {
    const memberships = rights?.organizations ?? []
    const role = [...(rights?.roles ?? []), ...memberships.flatMap((each) => each.roles)].find(
      (name) => !isKnown(roles, name),
    )
    if (role !== undefined) throw new Error(`user ${id}: there is no role ${role}`)
    const stray = memberships.find(({ name }) => !isKnown(organizations, name))
    if (stray) throw new Error(`user ${id}: there is no organization ${stray.name}`)
  }
}

/**
 * Removes roles and memberships that do not exist from the demo users, because a world may replace the demo's roles and
 * organizations but keep its users.
 */
export function keepExistingNames(
  users: StoredUser[],
  roles: { name: string }[],
  organizations: { name: string }[],
): void {
  const known = (list: { name: string }[]) => new Set(list.map(({ name }) => name))
  const roleNames = known(roles)
  const organizationNames = known(organizations)
  for (const { rights } of users) {
    if (!rights) continue
    rights.roles = rights.roles.filter((name) => roleNames.has(name))
    rights.organizations = rights.organizations
      .filter(({ name }) => organizationNames.has(name))
      .map(({ name, roles: held }) => ({ name, roles: held.filter((role) => roleNames.has(role)) }))
  }
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

/**
 * Adds the APIs and permissions that users of a world have and that do not exist yet, because the world JSON has no list of
 * APIs.
 *
 * @param servers - Changed in place.
 */
export function addHeldPermissions(servers: StoredResourceServer[], users: StoredUser[]): void {
  for (const held of users.flatMap(({ rights }) => rights?.permissions ?? [])) {
    const { resource_server_identifier: identifier, permission_name: value } = held
    let server = servers.find((each) => each.identifier === identifier)
    if (!server) {
      server = { id: shortHash(identifier), identifier, name: identifier, signing_alg: 'RS256' }
      servers.push(server)
    }
    if (!server.scopes?.some((scope) => scope.value === value))
      server.scopes = [...(server.scopes ?? []), { value }]
  }
}
