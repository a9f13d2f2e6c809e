/**
 * The rights of a world's two accounts, the operator's rules for them, and checks of the rights after a link and after
 * its end.
 * @module
 */
import fc from 'fast-check'
import { type LinkPolicy, RIGHTS_KINDS, type RightsKind, splitRightId } from '@/core'
import { METHOD_TYPES, type StoredMethod, type UserRights } from '@/local-tenant/rights-model'
import type { TenantState } from '@/local-tenant/state'

/** The rights of one account by kind, each as snapshots name it. */
export type Holding = Record<RightsKind, string[]>

/** The rights of a world. */
export interface WorldRights {
  current: Holding
  other: Holding
  rules: Pick<LinkPolicy, RightsKind>
  /** The connections that the organization `beta` allows; `acme` allows all. */
  connections: string[]
}

const API = 'https://api.example.com'
/** The names of the roles, and of the organizations. */
export const ROLES = ['reader', 'writer', 'owner']
export const ORGANIZATIONS = ['acme', 'beta']
const PERMISSIONS = ['read:things', 'write:things']

const some = (all: readonly string[]) => fc.subarray([...all])
const memberships = fc
  .array(fc.tuple(fc.constantFrom(...ORGANIZATIONS), some(ROLES)), { maxLength: 2 })
  .map((all) => [
    ...new Set(all.flatMap(([name, roles]) => [name, ...roles.map((role) => `${name} ${role}`)])),
  ])
const holding: fc.Arbitrary<Holding> = fc.record({
  roles: some(ROLES),
  permissions: some(PERMISSIONS.map((name) => `${name} ${API}`)),
  memberships,
  factors: fc.oneof(
    { weight: 3, arbitrary: fc.constant<string[]>([]) },
    { weight: 1, arbitrary: some(['passkey', 'recovery-code', 'totp']) },
  ),
})
const rule = fc.constantFrom('refuse', 'carry', 'carry', 'drop')

/** Rights; undefined if the operator granted no scope for them, as in most worlds, because rights take most of the calls. */
export const arbitraryRights: fc.Arbitrary<WorldRights | undefined> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(undefined) },
  {
    weight: 1,
    arbitrary: fc.record({
      current: holding,
      other: holding,
      rules: fc.record({
        roles: rule,
        permissions: rule,
        memberships: rule,
        factors: fc.constantFrom('refuse', 'drop', 'drop'),
      }) as fc.Arbitrary<WorldRights['rules']>,
      connections: some(['auth0', 'google-oauth2']),
    }),
  },
)

/** Creates the roles, organizations and permissions of a world in a tenant. Their names are also their ids. */
export function putRights(state: TenantState, rights: WorldRights | undefined): void {
  state.roles = ROLES.map((name) => ({ id: name, name, description: '' }))
  const connections = rights?.connections.map((name) =>
    name === 'auth0' ? 'Username-Password-Authentication' : name,
  )
  state.brand.organizations = [
    { id: 'acme', name: 'acme' },
    { id: 'beta', name: 'beta', ...(connections && { connections }) },
  ]
  const scopes = PERMISSIONS.map((value) => ({ value }))
  state.resourceServers = [{ id: 'api', identifier: API, name: 'API', signing_alg: 'RS256', scopes }]
}

/** The rights of an account in the format of a tenant's records. */
export function rightsFrom({ roles, permissions, memberships: all, factors }: Holding): UserRights {
  return {
    roles: [...roles],
    permissions: permissions.map((id) => {
      const [permission_name, resource_server_identifier] = splitRightId(id)
      return { permission_name, resource_server_identifier }
    }),
    organizations: all
      .filter((id) => !id.includes(' '))
      .map((name) => ({
        name,
        roles: all.filter((id) => id.startsWith(`${name} `)).map((id) => splitRightId(id)[1]),
      })),
    authentication_methods: METHOD_TYPES.filter((type) => factors.includes(type)).map(
      (type): StoredMethod => ({ id: `${type}|1`, type, created_at: '2020-01-01T00:00:00.000Z' }),
    ),
  }
}

/** The rights of an account, sorted. A recovery code does not count as a factor. */
export function heldIn(state: TenantState, id: string): Holding {
  const {
    roles,
    permissions,
    organizations,
    authentication_methods: methods,
  } = state.users.get(id)?.rights ?? {
    roles: [],
    permissions: [],
    organizations: [],
    authentication_methods: [],
  }
  return {
    roles: roles.toSorted(),
    permissions: permissions
      .map((each) => `${each.permission_name} ${each.resource_server_identifier}`)
      .sort(),
    memberships: organizations
      .flatMap(({ name, roles: inIt }) => [name, ...inIt.map((role) => `${name} ${role}`)])
      .sort(),
    factors: methods.flatMap(({ type }) => (type === 'recovery-code' ? [] : [type])).sort(),
  }
}

/**
 * Checks what the account that stays holds once the two are linked.
 *
 * @param rules - The operator's rule for each kind. Only rights of a kind with the rule `drop` may be lost.
 * @throws {Error} If it lost something, lacks something, or holds what it must not.
 */
export function assertLinked(
  rules: WorldRights['rules'],
  was: Holding,
  secondWas: Holding,
  now: Holding,
): void {
  for (const kind of RIGHTS_KINDS) {
    const isKept = rules[kind] !== 'drop'
    const wanted = [...new Set([...was[kind], ...(isKept ? secondWas[kind] : [])])].sort()
    if (wanted.join() !== now[kind].join())
      throw new Error(`linked, it holds the ${kind} ${now[kind]} instead of ${wanted} (${rules[kind]})`)
  }
}

/**
 * Checks that both accounts, separated again, hold what they held before the link, except the factors of the one that ended.
 *
 * @throws {Error} If something was lost or gained.
 */
export function assertApart(was: Holding[], now: Holding[]): void {
  const [wanted, found] = [was, now].map(([stays, ends]) => JSON.stringify([stays, { ...ends, factors: [] }]))
  if (wanted !== found) throw new Error(`apart again, they hold ${found} instead of ${wanted}`)
}
