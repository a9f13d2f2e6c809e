/**
 * Reading what an account holds.
 * @module
 */
import type { CallFailure } from '../carry-out-link'
import type { LinkingUser } from '../identity'
import { type Held, RIGHTS_KINDS, type Rights, type RightsKind } from './rights'

/** The calls of the Management API that it takes. They throw a `CallFailure`. */
export interface RightsCalls {
  /** Makes a call and gives the JSON of its answer, if it has any. Reads are repeated if that helps, a POST never. */
  call(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<unknown>
  /** Whether the operator granted all of some scopes, or the token does not say which. */
  isGranted(scopes: readonly string[]): Promise<boolean>
}

/** Calls that a link may take for rights: a login has 15 s. */
export const MAX_CALLS = 40
/** Items of a page, as many as Auth0 gives. */
const PAGE_SIZE = 100
/** Pages that are read at most: a user can hold 1,000 permissions. */
const MAX_PAGES = 10
/** Authentication methods that an account is not weaker without: the address and the password are the identity's own. */
const NO_FACTORS = ['email', 'password', 'recovery-code']

/** The scopes that it takes to read a kind. */
export const READ_SCOPES: Readonly<Record<RightsKind, readonly string[]>> = {
  roles: ['read:users', 'read:roles'],
  permissions: ['read:users'],
  memberships: ['read:organizations', 'read:organization_member_roles'],
  factors: ['read:authentication_methods'],
}

/** The scopes that it takes to give and take a kind, beyond those to read it and those that every link takes. */
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

/** The path of a user. */
export const userPath = (userId: string): string => `/users/${encodeURIComponent(userId)}`

/** Reads what an account holds of one kind. Of its roles in organizations nothing is read: see {@link readRolesIn}. */
async function readKind(api: RightsCalls, userId: string, kind: RightsKind): Promise<Held> {
  const user = userPath(userId)
  switch (kind) {
    case 'roles':
      return heldOf(await readAll(api, `${user}/roles`), ({ id, name }) => [id, name])
    case 'permissions':
      return heldOf(
        await readAll(api, `${user}/permissions`),
        ({ permission_name: name, resource_server_identifier: of }) => [name && of && `${name} ${of}`, name],
      )
    case 'memberships':
      return heldOf(await readAll(api, `${user}/organizations`), ({ id, name, display_name }) => [
        id,
        display_name || name,
      ])
    case 'factors':
      return heldOf(await readAll(api, `${user}/authentication-methods`), ({ type, confirmed }) => [
        // Begun, and not finished.
        confirmed === 'false' || NO_FACTORS.includes(type ?? '') ? undefined : type,
        type,
      ])
  }
}

/** The fields of an item of a list, as texts. */
type Item = Record<string, string | undefined>

function heldOf(items: Item[], entryOf: (item: Item) => [id?: string, name?: string]): Held {
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
    // With totals it is an object that holds the list.
    const list = Array.isArray(answer) ? answer : Object.values(Object(answer)).find(Array.isArray)
    // What cannot be read must not count as nothing.
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
 * Reads what an account holds.
 *
 * @param user - The account; the kinds that are known of it are not read again.
 * @param kinds - The kinds to read.
 * @returns Without the kinds for which the operator granted no scope.
 * @throws {CallFailure} If a call fails for another reason.
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
 * @param rights - What the account holds.
 * @param organizations - Their ids; those that it is no member of are passed over.
 * @returns The same with the roles in these organizations.
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
  // A link of more is refused anyway.
  if (some.length === 0 || some.length > MAX_CALLS) return rights
  const roles = await Promise.all(
    some.map(async (id) => {
      const path = `/organizations/${encodeURIComponent(id)}/members/${encodeURIComponent(userId)}/roles`
      return heldOf(await readAll(api, path), (role) => [role.id && `${id} ${role.id}`, role.name])
    }),
  )
  return { ...rights, memberships: Object.assign({}, memberships, ...roles) }
}
