import { describe, expect, it } from 'vitest'
import { giveRights, giveRightsThatExist, type RightIds, takeRights } from '@/core'
import { type RightsCall, someRightsCalls } from '../../support/builders/rights-calls'

const ANN = 'auth0|ann'
const USER = '/users/auth0%7Cann'
const MEMBERS = (organization: string) => `/organizations/${organization}/members`
const ROLES_IN = (organization: string) => `${MEMBERS(organization)}/auth0%7Cann/roles`
const PERMISSION = { permission_name: 'read:items', resource_server_identifier: 'https://api.example/' }

/** [what, ids, calls that give them, paths of the calls that take them if different] */
const CASES: [string, RightIds, [path: string, body: object][], string[]?][] = [
  ['nothing', {}, []],
  ['no ids', { roles: [], permissions: [], memberships: [] }, []],
  ['factors', { factors: ['totp'] }, []],
  ['roles, in one call', { roles: ['r1', 'r2'] }, [[`${USER}/roles`, { roles: ['r1', 'r2'] }]]],
  [
    'permissions, in one call',
    { permissions: ['read:items https://api.example/'] },
    [[`${USER}/permissions`, { permissions: [PERMISSION] }]],
  ],
  [
    'memberships',
    { memberships: ['o1', 'o/2'] },
    [
      [MEMBERS('o1'), { members: [ANN] }],
      [MEMBERS('o%2F2'), { members: [ANN] }],
    ],
  ],
  [
    'roles in an organization',
    { memberships: ['o1 r1', 'o1 r2'] },
    [[ROLES_IN('o1'), { roles: ['r1', 'r2'] }]],
  ],
  [
    'a membership and the roles in it, which go with it',
    { memberships: ['o1 r1', 'o1', 'o10 r9'] },
    [
      [MEMBERS('o1'), { members: [ANN] }],
      [ROLES_IN('o1'), { roles: ['r1'] }],
      [ROLES_IN('o10'), { roles: ['r9'] }],
    ],
    [MEMBERS('o1'), ROLES_IN('o10')],
  ],
]

describe.each(CASES)('of %s', (_what, ids, given, taken) => {
  it('giveRights gives', async () => {
    const api = someRightsCalls()
    await giveRights(api, ANN, ids)
    expect(api.calls).toEqual(given.map(([path, body]): RightsCall => ['POST', path, body]))
  })

  it('takeRights takes', async () => {
    const api = someRightsCalls()
    await takeRights(api, ANN, ids)
    const calls = given.filter(([path]) => taken?.includes(path) ?? true)
    expect(api.calls).toEqual(calls.map(([path, body]): RightsCall => ['DELETE', path, body]))
  })
})

describe('giveRights and takeRights', () => {
  it('stop at the first call that fails', async () => {
    const failure = { status: 403 }
    const api = someRightsCalls({
      [`POST ${USER}/permissions`]: () => Promise.reject(failure),
      [`DELETE ${USER}/permissions`]: () => Promise.reject(failure),
    })
    const ids = { roles: ['r'], permissions: ['p x'], memberships: ['o'] }
    await expect(giveRights(api, ANN, ids)).rejects.toBe(failure)
    await expect(takeRights(api, ANN, ids)).rejects.toBe(failure)
    expect(api.names()).toEqual(
      ['POST', 'DELETE'].flatMap((method) => [`${method} ${USER}/roles`, `${method} ${USER}/permissions`]),
    )
  })
})

describe('giveRightsThatExist', () => {
  const isFinal = (failure: unknown) => Object(failure).status === 404
  /** A tenant in which these roles and organizations no longer exist. */
  function without(gone: string[]) {
    const given: unknown[] = []
    const call = async (method: string, path: string, body?: object) => {
      if (method !== 'POST') throw { status: 500 }
      if (gone.some((id) => `${path} ${JSON.stringify(body)}`.includes(id))) throw { status: 404 }
      given.push([path, body])
    }
    return { call, given }
  }
  const give = async (ids: RightIds, gone: string[]) => {
    const api = without(gone)
    return { refused: await giveRightsThatExist(api, ANN, ids, isFinal), given: api.given }
  }

  it('gives all rights if all still exist', async () => {
    const { refused, given } = await give({ roles: ['r1', 'r2'], memberships: ['o1', 'o1 r3'] }, [])
    expect(refused).toEqual([])
    expect(given).toHaveLength(3)
  })

  it('gives the rights that still exist, and returns the others', async () => {
    const { refused, given } = await give({ roles: ['r1', 'r-gone', 'r3'], permissions: ['p-gone x'] }, [
      'gone',
    ])
    expect(refused).toEqual(['r-gone', 'p-gone x'])
    expect(given).toEqual([
      [`${USER}/roles`, { roles: ['r1'] }],
      [`${USER}/roles`, { roles: ['r3'] }],
    ])
  })

  it('gives permissions one by one if one of them no longer exists', async () => {
    const { refused, given } = await give({ permissions: ['p x', 'p-gone x'] }, ['gone'])
    expect(refused).toEqual(['p-gone x'])
    expect(given).toEqual([
      [`${USER}/permissions`, { permissions: [{ permission_name: 'p', resource_server_identifier: 'x' }] }],
    ])
  })

  it('gives no roles in a deleted organization, but gives those in others', async () => {
    const ids = { memberships: ['gone', 'gone r1', 'o2', 'o2 r1', 'o2 r2'] }
    const { refused, given } = await give(ids, ['gone'])
    expect(refused).toEqual(['gone', 'gone r1'])
    expect(given).toEqual([
      [MEMBERS('o2'), { members: [ANN] }],
      [ROLES_IN('o2'), { roles: ['r1', 'r2'] }],
    ])
  })

  it('returns each deleted role in an organization, even if the membership itself is not given', async () => {
    expect((await give({ memberships: ['o1 gone', 'o1 r2'] }, ['gone'])).refused).toEqual(['o1 gone'])
  })

  it('throws if a call fails that may succeed later', async () => {
    const failure = { status: 500 }
    const api = { call: () => Promise.reject(failure) }
    await expect(giveRightsThatExist(api, ANN, { roles: ['r1', 'r2'] }, isFinal)).rejects.toBe(failure)
    await expect(giveRightsThatExist(api, ANN, { roles: ['r1'] }, isFinal)).rejects.toBe(failure)
  })
})
