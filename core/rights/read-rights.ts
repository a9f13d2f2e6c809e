/**
 * Reads the rights of an account: its roles, permissions, memberships and factors.
 * @module
 */
import type { CallFailure } from '../carry-out-link'
import type { LinkingUser } from '../identity'
import { RIGHTS_KINDS, type Rights, type RightsKind, type RightsOfKind } from './rights'

/** Access to the Management API for reading and writing rights. The methods throw a `CallFailure`. */
export interface RightsCalls {
  /** Makes an API call and returns the JSON of the response, if it has any. A failed read may be repeated, a POST never. */
  call(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<unknown>
  /** Whether the operator granted all of these scopes. Also true if the token does not list its scopes. */
  isGranted(scopes: readonly string[]): Promise<boolean>
}

/** The most API calls that a link may make for rights: a login has 15 seconds in all. */
export const MAX_CALLS = 40
/** Items per page: the most that Auth0 returns. */
const PAGE_SIZE = 100
/** The most pages that are read. Ten hold 1,000 permissions, the most that a user can have. */
const MAX_PAGES = 10
/**
 * Types of authentication methods that do not count as factors, because an account is not weaker without them. The email address
 * and the password belong to the identity itself.
 */
const NO_FACTORS = ['email', 'password', 'recovery-code']

/** The scopes that reading each kind of rights needs. */
export const READ_SCOPES: Readonly<Record<RightsKind, readonly string[]>> = {
  roles: ['read:users', 'read:roles'],
  permissions: ['read:users'],
  memberships: ['read:organizations', 'read:organization_member_roles'],
  factors: ['read:authentication_methods'],
}

/** The scopes that giving and taking each kind of rights needs, besides those for reading and those that every link needs. */
export const CARRY_SCOPES: Readonly<Record<Exclude<RightsKind, 'factors'>, readonly string[]>> = {
  roles: [],
  permissions: [],
  memberships: [
    'read:organization_connections',
    'create:organization_members',
    'delete:organization_members',
    'create:organization_member_roles',
    'delete:organization_member_roles',
  ],
}

/** The Management API path of a user. */
export const userPath = (userId: string): string => `/users/${encodeURIComponent(userId)}`

/** Reads the rights of one kind. It does not read an account's roles in organizations: {@link readRolesIn} does. */
async function readKind(api: RightsCalls, userId: string, kind: RightsKind): Promise<RightsOfKind> {
  const user = userPath(userId)
  switch (kind) {
    case 'roles':
      return toRightsOfKind(await readAll(api, `${user}/roles`), ({ id, name }) => [id, name])
    case 'permissions':
      return toRightsOfKind(
        await readAll(api, `${user}/permissions`),
        ({ permission_name: name, resource_server_identifier: of }) => [name && of && `${name} ${of}`, name],
      )
    case 'memberships':
      return toRightsOfKind(await readAll(api, `${user}/organizations`), ({ id, name, display_name }) => [
        id,
        display_name || name,
      ])
    case 'factors':
      return toRightsOfKind(await readAll(api, `${user}/authentication-methods`), ({ type, confirmed }) => [
        // `false`: the enrollment was begun, and not finished.
        confirmed === 'false' || NO_FACTORS.includes(type ?? '') ? undefined : type,
        type,
      ])
  }
}

/** One item of a list in a response, with all its fields as text. */
type Item = Record<string, string | undefined>

function toRightsOfKind(items: Item[], entryOf: (item: Item) => [id?: string, name?: string]): RightsOfKind {
  return Object.fromEntries(
    items.flatMap((item) => {
      const [id, name] = entryOf(item)
      return id ? [[id, name ?? id]] : []
    }),
  )
}

async function readAll(api: RightsCalls, path: string): Promise<Item[]> {
  const items: Item[] = []
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer = await api.call('GET', `${path}?per_page=${PAGE_SIZE}&page=${page}`)
    // If Auth0 includes totals, the response is an object that contains the list.
    const list = Array.isArray(answer) ? answer : Object.values(Object(answer)).find(Array.isArray)
    // A response without a list must not pass for an empty list.
    if (!list) throw {} satisfies CallFailure
    items.push(
      ...list.map((item) =>
        Object.fromEntries(Object.entries(item as object).map(([name, value]) => [name, `${value ?? ''}`])),
      ),
    )
    if (list.length < PAGE_SIZE) break
  }
  return items
}

/**
 * Reads the rights of an account.
 *
 * @param user - The account. Kinds that its `rights` already contain are not read again.
 * @param kinds - The kinds to read.
 * @returns The rights by kind, without the kinds for which the operator granted no scope.
 * @throws {CallFailure} If an API call fails for another reason than a missing scope.
 * @see {@link https://auth0.com/docs/api/management/v2/users/get-user-roles Get a user's roles}
 * @see {@link https://auth0.com/docs/api/management/v2/users/get-permissions Get a user's permissions}
 * @see {@link https://auth0.com/docs/api/management/v2/users/get-organizations List a user's organizations}
 * @see {@link https://auth0.com/docs/api/management/v2/users/get-authentication-methods Get a list of authentication methods}
 */
export async function readRights(
  api: RightsCalls,
  { user_id, rights }: Pick<LinkingUser, 'user_id' | 'rights'>,
  kinds: readonly RightsKind[] = RIGHTS_KINDS,
): Promise<Rights> {
  const read = await Promise.all(
    kinds.map(async (kind) => {
      const known = rights?.[kind]
      if (known) return [[kind, known] as const]
      if (!(await api.isGranted(READ_SCOPES[kind]))) return []
      const held = await readKind(api, user_id, kind).catch((error) => {
        if (Object(error).status === 403) return undefined
        throw error
      })
      return held ? [[kind, held] as const] : []
    }),
  )
  return Object.fromEntries(read.flat())
}

/**
 * Reads the roles that a member has in some organizations.
 *
 * @param rights - The rights of the account, including its memberships.
 * @param organizations - Ids of organizations. Those that the account is no member of are skipped.
 * @returns `rights`, with the roles in these organizations added.
 * @throws {CallFailure}
 * @see {@link https://auth0.com/docs/api/management/v2/organizations/get-organization-member-roles Get roles assigned to a member}
 */
export async function readRolesIn(
  api: RightsCalls,
  userId: string,
  rights: Rights,
  organizations: readonly string[],
): Promise<Rights> {
  const { memberships = {} } = rights
  const some = organizations.filter((id) => Object.hasOwn(memberships, id))
  // A link with more organizations than this is refused anyway.
  if (some.length === 0 || some.length > MAX_CALLS) return rights
  const roles = await Promise.all(
    some.map(async (id) => {
      const path = `/organizations/${encodeURIComponent(id)}/members/${encodeURIComponent(userId)}/roles`
      return toRightsOfKind(await readAll(api, path), (role) => [role.id && `${id} ${role.id}`, role.name])
    }),
  )
  return { ...rights, memberships: Object.assign({}, memberships, ...roles) }
}
