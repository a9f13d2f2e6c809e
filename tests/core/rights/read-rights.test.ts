import { describe, expect, it } from 'vitest'
import {
  CARRY_SCOPES,
  organizationsIn,
  READ_SCOPES,
  type Rights,
  type RightsKind,
  readRights,
  readRolesIn,
} from '@/core'
import { someRightsCalls } from '../../support/builders/rights-calls'

const ANN = 'auth0|ann'
const PATH = '/users/auth0%7Cann'
const LISTS: Record<RightsKind, string> = {
  roles: `GET ${PATH}/roles`,
  permissions: `GET ${PATH}/permissions`,
  memberships: `GET ${PATH}/organizations`,
  factors: `GET ${PATH}/authentication-methods`,
}
const EMPTY = Object.fromEntries(Object.values(LISTS).map((path) => [path, []]))
const failing = (status?: number) => () => Promise.reject({ status })
const roles = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ id: `rol_${at}`, name: `${at}` }))
const read = (api: ReturnType<typeof someRightsCalls>, rights?: Rights, kinds?: RightsKind[]) =>
  readRights(api, { user_id: ANN, rights }, kinds)

describe('readRights', () => {
  it.each<[RightsKind, unknown[], object]>([
    ['roles', [{ id: 'rol_1', name: 'Editor', description: 'x' }], { rol_1: 'Editor' }],
    ['roles', [{ id: 'rol_1' }, { name: 'no id' }], { rol_1: 'rol_1' }],
    [
      'permissions',
      [{ permission_name: 'read:items', resource_server_identifier: 'https://api.example/' }],
      { 'read:items https://api.example/': 'read:items' },
    ],
    ['permissions', [{ permission_name: 'read:items' }, { resource_server_identifier: 'x' }], {}],
    ['memberships', [{ id: 'org_1', name: 'acme', display_name: 'Acme' }], { org_1: 'Acme' }],
    [
      'memberships',
      [
        { id: 'org_1', name: 'acme' },
        { id: 'org_2', name: 'b', display_name: null },
      ],
      { org_1: 'acme', org_2: 'b' },
    ],
    ['factors', [{ type: 'totp', confirmed: true }], { totp: 'totp' }],
    ['factors', [{ type: 'passkey' }], { passkey: 'passkey' }],
    ['factors', [{ type: 'totp', confirmed: false }], {}],
    [
      'factors',
      [
        { type: 'totp', confirmed: false },
        { type: 'totp', confirmed: true },
      ],
      { totp: 'totp' },
    ],
    [
      'factors',
      [
        { type: 'email' },
        { type: 'password' },
        { type: 'recovery-code' },
        { confirmed: true },
        { type: 'phone' },
      ],
      { phone: 'phone' },
    ],
  ])('reads %s from %j', async (kind, list, expected) => {
    const api = someRightsCalls({ [LISTS[kind]]: list })
    expect(await read(api, undefined, [kind])).toEqual({ [kind]: expected })
    expect(api.names()).toEqual([`${LISTS[kind]}?per_page=100&page=0`])
  })

  it('reads all kinds by default, with one call each', async () => {
    const api = someRightsCalls(EMPTY)
    expect(await read(api)).toEqual({ roles: {}, permissions: {}, memberships: {}, factors: {} })
    expect(api.names()).toEqual(Object.values(LISTS).map((path) => `${path}?per_page=100&page=0`))
  })

  it('accepts a list inside an object with totals', async () => {
    const answers = { start: 0, limit: 100, total: 1, roles: [{ id: 'rol_1', name: 'Editor' }] }
    expect(await read(someRightsCalls({ [LISTS.roles]: answers }), undefined, ['roles'])).toEqual({
      roles: { rol_1: 'Editor' },
    })
  })

  it.each([[{}], [{ total: 0 }], [() => null], [() => undefined], [() => 'text']])(
    'throws if the response has no list, instead of assuming that there are no rights',
    async (answer) => {
      await expect(read(someRightsCalls({ [LISTS.roles]: answer }), undefined, ['roles'])).rejects.toEqual({})
    },
  )

  it.each([
    [99, 1],
    [100, 2],
    [101, 2],
    [1_000, 10],
    [1_001, 10],
  ])('reads %i entries in %i pages, ten at most', async (count, pages) => {
    const api = someRightsCalls({ [LISTS.roles]: roles(count) })
    const { roles: held } = await read(api, undefined, ['roles'])
    expect(Object.keys(held ?? {})).toHaveLength(Math.min(count, 1_000))
    expect(api.names()).toEqual(
      Array.from({ length: pages }, (_, page) => `${LISTS.roles}?per_page=100&page=${page}`),
    )
  })

  it('does not read kinds again that are known', async () => {
    const api = someRightsCalls({ [LISTS.permissions]: [] }, ['read:users'])
    const known = { roles: { rol_1: 'Editor' } }
    expect(await read(api, known, ['roles', 'permissions'])).toEqual({ ...known, permissions: {} })
    expect(api.calls).toHaveLength(1)
  })

  it.each([
    ['roles', 'read:roles'],
    ['roles', 'read:users'],
    ['permissions', 'read:users'],
    ['memberships', 'read:organizations'],
    ['memberships', 'read:organization_member_roles'],
    ['factors', 'read:authentication_methods'],
  ] as const)('makes no call for %s if the operator did not grant %s', async (kind, missing) => {
    const all = Object.values(READ_SCOPES).flat()
    const api = someRightsCalls(
      EMPTY,
      all.filter((scope) => scope !== missing),
    )
    expect(await read(api)).not.toHaveProperty(kind)
    expect(api.names()).not.toContain(`${LISTS[kind]}?per_page=100&page=0`)
    expect(api.names()).toHaveLength(missing === 'read:users' ? 2 : 3)
  })

  it('omits a kind that the tenant refuses to read with 403', async () => {
    const api = someRightsCalls({ ...EMPTY, [LISTS.factors]: failing(403) })
    expect(await read(api)).toEqual({ roles: {}, permissions: {}, memberships: {} })
  })

  it.each([undefined, 401, 404, 429, 500])(
    'throws if an API call fails with %s, instead of assuming that there are no rights',
    async (status) => {
      const api = someRightsCalls({ ...EMPTY, [LISTS.factors]: failing(status) })
      await expect(read(api)).rejects.toEqual({ status })
      const broken = someRightsCalls({ ...EMPTY, [LISTS.roles]: () => Promise.reject(undefined) })
      await expect(read(broken)).rejects.toBeUndefined()
    },
  )
})

describe('readRolesIn', () => {
  const path = (organization: string) => `GET /organizations/${organization}/members/auth0%7Cann/roles`
  const rights = { roles: { rol_9: 'x' }, memberships: { org_1: 'Acme', 'org/2': 'Bolt' } }

  it('adds the roles in the requested organizations that the account is a member of', async () => {
    const api = someRightsCalls({
      [path('org_1')]: [{ id: 'rol_1', name: 'Editor' }, { name: 'no id' }],
      [path('org%2F2')]: [{ id: 'rol_2', name: 'Reader' }],
    })
    expect(await readRolesIn(api, ANN, rights, ['org_1', 'org/2', 'org_3', 'constructor'])).toEqual({
      roles: { rol_9: 'x' },
      memberships: {
        ...rights.memberships,
        'org_1 rol_1': 'Editor',
        'org/2 rol_2': 'Reader',
      },
    })
    expect(api.calls).toHaveLength(2)
    expect(rights.memberships).toEqual({ org_1: 'Acme', 'org/2': 'Bolt' })
  })

  it('makes no call if no organization is given, or memberships were not read', async () => {
    const api = someRightsCalls()
    expect(await readRolesIn(api, ANN, rights, [])).toEqual(rights)
    const unread = { roles: {} }
    expect(await readRolesIn(api, ANN, unread, ['org_1'])).toBe(unread)
    expect(api.calls).toEqual([])
  })

  it('throws if a call fails', async () => {
    await expect(readRolesIn(someRightsCalls(), ANN, rights, ['org_1'])).rejects.toEqual({ status: 404 })
  })
})

describe('organizationsIn', () => {
  it('lists each organization once, from memberships and from roles in them', () => {
    expect(organizationsIn(['org_1', 'org_1 rol_1', 'org_2 rol_1'])).toEqual(['org_1', 'org_2'])
    expect(organizationsIn(undefined)).toEqual([])
  })
})

describe('CARRY_SCOPES', () => {
  it('are the scopes to add and remove members of organizations; roles and permissions need no more', () => {
    expect(CARRY_SCOPES).toEqual({
      roles: [],
      permissions: [],
      memberships: [
        'read:organization_connections',
        ...['create:organization_members', 'delete:organization_members'],
        ...['create:organization_member_roles', 'delete:organization_member_roles'],
      ],
    })
  })
})
