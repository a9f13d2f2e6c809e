import { describe, expect, it } from 'vitest'
import {
  CARRY_SCOPES,
  decideRights,
  type KeptRights,
  RIGHTS_KINDS,
  type Rights,
  type RightsPolicy,
  readRightsForLink,
  readRightsForOffer,
  readRightsOf,
  rightsSteps,
  snapshotKeyOf,
} from '@/core'
import { someRightsCalls } from '../support/builders/rights-calls'
import { aUser, type UserFields } from '../support/builders/users'

const AT = 1_800_000_000
const [ANN, HUB] = ['auth0|ann', 'github|hub']
const [ANN_PATH, HUB_PATH] = ['/users/auth0%7Cann', '/users/github%7Chub']
const member = (id: string) => ({ id, name: `name of ${id}` })
const rolesIn = (organization: string, userId: string) =>
  `GET /organizations/${organization}/members/${encodeURIComponent(userId)}/roles`
const CARRY: RightsPolicy = { roles: 'carry', permissions: 'carry', memberships: 'carry', factors: 'drop' }
const kept = (plan: Partial<KeptRights> = {}): KeptRights => ({ given: {}, dropped: {}, shared: {}, ...plan })
const NO_RIGHTS: Rights = { roles: {}, permissions: {}, memberships: {}, factors: {} }

/** The primary account after a failed attempt to link, which gave it rights of the secondary account. */
const attempted = async (given: KeptRights['given'], fields: UserFields = {}, snapshot: object = {}) =>
  aUser({
    user_id: ANN,
    ...fields,
    app_metadata: {
      [await snapshotKeyOf(HUB)]: {
        ...{ v: 2, at: AT, user_id: HUB, proof: { way: 'login', client_id: 'x' }, rights: kept({ given }) },
        ...snapshot,
      },
    },
  })
const hub = (fields: UserFields = {}) => aUser({ user_id: HUB, ...fields })

/** API responses about the rights of two accounts: empty lists, except those in `more`. */
const answers = (more: Record<string, unknown[]>) => ({
  ...Object.fromEntries(
    [ANN_PATH, HUB_PATH].flatMap((user) =>
      ['roles', 'permissions', 'organizations', 'authentication-methods'].map((kind) => [
        `GET ${user}/${kind}`,
        [],
      ]),
    ),
  ),
  ...more,
})

/** Ann is a member of org_1 and org_2, Hub of org_2 and org_3. */
const MEMBERS = answers({
  [`GET ${ANN_PATH}/organizations`]: [member('org_1'), member('org_2')],
  [`GET ${HUB_PATH}/organizations`]: [member('org_2'), member('org_3')],
  [rolesIn('org_2', ANN)]: [{ id: 'rol_a', name: 'A' }],
  [rolesIn('org_2', HUB)]: [{ id: 'rol_h', name: 'H' }],
  [rolesIn('org_3', HUB)]: [{ id: 'rol_3', name: 'Three' }],
})
const readRolesOf = (api: ReturnType<typeof someRightsCalls>) =>
  api
    .names()
    .filter((name) => name.includes('/members/'))
    .map((name) => name.split('?')[0])

describe('readRightsOf', () => {
  it('reads the roles of both accounts in the organizations that they share, and in no others', async () => {
    const api = someRightsCalls(MEMBERS)
    const [ann, other] = await readRightsOf(api, [aUser({ user_id: ANN }), hub()], ['memberships'])
    expect(ann?.rights).toEqual({
      memberships: { org_1: 'name of org_1', org_2: 'name of org_2', 'org_2 rol_a': 'A' },
    })
    expect(other?.rights).toEqual({
      memberships: { org_2: 'name of org_2', org_3: 'name of org_3', 'org_2 rol_h': 'H' },
    })
    expect(readRolesOf(api)).toEqual([rolesIn('org_2', ANN), rolesIn('org_2', HUB)])
  })

  it('reads the roles in all organizations if an account may join others, unless there are too many to join', async () => {
    const users = [aUser({ user_id: ANN }), hub()]
    const api = someRightsCalls({ ...MEMBERS, [rolesIn('org_1', ANN)]: [] })
    await readRightsOf(api, users, ['memberships'], undefined, true)
    expect(readRolesOf(api)).toEqual([
      ...[rolesIn('org_1', ANN), rolesIn('org_2', ANN)],
      ...[rolesIn('org_2', HUB), rolesIn('org_3', HUB)],
    ])
    const six = ['1', '4', '5', '6', '7', '8'].map((at) => member(`org_${at}`))
    const many = someRightsCalls({ ...MEMBERS, [`GET ${ANN_PATH}/organizations`]: [...six, member('org_2')] })
    await readRightsOf(many, [aUser({ user_id: ANN }), hub()], ['memberships'], undefined, true)
    expect(readRolesOf(many)).not.toContain(rolesIn('org_1', ANN))
    // An organization that both are members of does not count.
    const five = six.slice(0, 5)
    const few = someRightsCalls({
      ...MEMBERS,
      [`GET ${ANN_PATH}/organizations`]: [...five, member('org_2')],
      ...Object.fromEntries(five.map(({ id }) => [rolesIn(id, ANN), []])),
    })
    await readRightsOf(few, [aUser({ user_id: ANN }), hub()], ['memberships'], undefined, true)
    expect(readRolesOf(few)).toContain(rolesIn('org_1', ANN))
  })

  it('reads the roles in a shared organization once per account, and no other kind of right', async () => {
    const three = [ANN, HUB, 'github|3'].map((user_id) => aUser({ user_id }))
    const lists = three.map(({ user_id }) => [
      [`GET /users/${encodeURIComponent(user_id)}/organizations`, [member('org_1')]],
      [rolesIn('org_1', user_id), []],
    ])
    const api = someRightsCalls(Object.fromEntries(lists.flat()))
    await readRightsOf(api, three, ['memberships'])
    expect(readRolesOf(api)).toEqual(three.map(({ user_id }) => rolesIn('org_1', user_id)))
    expect(api.calls).toHaveLength(6)
  })

  it('reads the accounts that would end first, and the others only if one of these has rights', async () => {
    const users = [ANN, HUB, 'github|3'].map((user_id) => aUser({ user_id }))
    const read = async (more: Record<string, unknown[]>) => {
      const api = someRightsCalls(answers({ 'GET /users/github%7C3/roles': [], ...more }))
      const results = await readRightsOf(api, users, ['roles'], [HUB, 'github|3'])
      return {
        names: api.names().map((name) => name.split('?')[0]),
        rights: results.map(({ rights }) => rights),
      }
    }
    const first = [`GET ${HUB_PATH}/roles`, 'GET /users/github%7C3/roles']
    expect(await read({ [`GET ${ANN_PATH}/roles`]: [{ id: 'rol_1', name: 'A' }] })).toEqual({
      names: first,
      rights: [{ roles: {} }, { roles: {} }, { roles: {} }],
    })
    expect(await read({ [`GET ${HUB_PATH}/roles`]: [{ id: 'rol_1', name: 'A' }] })).toEqual({
      names: [...first, `GET ${ANN_PATH}/roles`],
      rights: [{ roles: {} }, { roles: { rol_1: 'A' } }, { roles: {} }],
    })
  })

  it('subtracts what an attempt with one of several accounts gave', async () => {
    const api = someRightsCalls(
      answers({
        [`GET ${ANN_PATH}/roles`]: [{ id: 'rol_1', name: 'given' }],
        'GET /users/github%7C3/roles': [],
      }),
    )
    const users = [await attempted({ roles: ['rol_1'] }), hub(), aUser({ user_id: 'github|3' })]
    expect((await readRightsOf(api, users, ['roles']))[0]?.rights).toEqual({ roles: {} })
  })

  it('keeps the other fields of the accounts, and continues without kinds that cannot be read', async () => {
    const user = hub({ user_metadata: { a: 1 } })
    expect(await readRightsOf(someRightsCalls({}, []), [user], RIGHTS_KINDS)).toEqual([
      { ...user, rights: {} },
    ])
  })
})

describe('readRightsForLink', () => {
  it('reads the roles of the secondary account in each of its organizations', async () => {
    const api = someRightsCalls(MEMBERS)
    const { primary, secondary } = await readRightsForLink(api, aUser({ user_id: ANN }), hub())
    expect([primary.user_id, secondary.user_id]).toEqual([ANN, HUB])
    expect(primary.rights).toEqual({
      ...NO_RIGHTS,
      memberships: { org_1: 'name of org_1', org_2: 'name of org_2', 'org_2 rol_a': 'A' },
    })
    expect(secondary.rights?.memberships).toEqual({
      ...{ org_2: 'name of org_2', 'org_2 rol_h': 'H' },
      ...{ org_3: 'name of org_3', 'org_3 rol_3': 'Three' },
    })
    expect(readRolesOf(api)).toEqual([rolesIn('org_2', ANN), rolesIn('org_2', HUB), rolesIn('org_3', HUB)])
  })

  it('does not count rights that an earlier attempt gave as the account’s own', async () => {
    const api = someRightsCalls(
      answers({
        [`GET ${ANN_PATH}/roles`]: [
          { id: 'rol_1', name: 'given' },
          { id: 'rol_2', name: 'own' },
        ],
        [`GET ${ANN_PATH}/organizations`]: [member('org_1'), member('rol_1')],
      }),
    )
    const primary = await attempted({ roles: ['rol_1'], memberships: ['org_1'] })
    const { primary: read } = await readRightsForLink(api, primary, hub())
    expect(read.rights).toEqual({
      ...NO_RIGHTS,
      roles: { rol_2: 'own' },
      memberships: { rol_1: 'name of rol_1' },
    })
  })

  it.each<[string, UserFields, object]>([
    ['was undone since', { created_at: new Date((AT + 60) * 1_000).toISOString() }, {}],
    ['is being undone', {}, { returning: { at: AT, undo: true } }],
  ])('counts the rights as the account’s own if the link %s', async (_what, fields, snapshot) => {
    const api = someRightsCalls(answers({ [`GET ${ANN_PATH}/roles`]: [{ id: 'rol_1', name: 'given' }] }))
    const primary = await attempted({ roles: ['rol_1'] }, {}, snapshot)
    const { primary: read } = await readRightsForLink(api, primary, hub(fields))
    expect(read.rights?.roles).toEqual({ rol_1: 'given' })
  })

  it('counts all rights as the account’s own after an attempt that gave none', async () => {
    const api = someRightsCalls(answers({ [`GET ${ANN_PATH}/roles`]: [{ id: 'rol_1', name: 'own' }] }))
    const primary = await attempted({}, {}, { rights: undefined })
    const { primary: read } = await readRightsForLink(api, primary, hub())
    expect(read.rights?.roles).toEqual({ rol_1: 'own' })
  })

  it('reads no roles in organizations without the scope for it', async () => {
    const api = someRightsCalls(MEMBERS, ['read:users', 'read:roles'])
    const { primary, secondary } = await readRightsForLink(api, aUser({ user_id: ANN }), hub())
    for (const { rights } of [primary, secondary]) expect(rights).toEqual({ roles: {}, permissions: {} })
    expect(readRolesOf(api)).toEqual([])
  })
})

describe('readRightsForLink, of an account that stays in any case', () => {
  it('reads the primary account only if the secondary one has rights', async () => {
    const users = [aUser({ user_id: ANN }), hub()] as const
    const none = someRightsCalls(answers({}))
    const { primary } = await readRightsForLink(none, ...users, true)
    expect(primary.rights).toEqual(NO_RIGHTS)
    expect(none.names().filter((name) => name.includes(ANN_PATH))).toEqual([])
    const some = someRightsCalls(answers({ [`GET ${HUB_PATH}/roles`]: [{ id: 'rol_1', name: 'A' }] }))
    await readRightsForLink(some, ...users, true)
    expect(some.names().filter((name) => name.includes(ANN_PATH))).not.toEqual([])
  })
})

describe('readRightsForOffer', () => {
  const read = async (policy: RightsPolicy) => {
    const api = someRightsCalls({ ...MEMBERS, [rolesIn('org_1', ANN)]: [] })
    await readRightsForOffer(api, [aUser({ user_id: ANN }), hub()], policy)
    return { kinds: api.names().filter((name) => name.includes(ANN_PATH)), roles: readRolesOf(api) }
  }

  it('reads the kinds that are not dropped, and the roles in every organization only if memberships are carried', async () => {
    const shared = [rolesIn('org_2', ANN), rolesIn('org_2', HUB)]
    const refused = await read({ ...CARRY, memberships: 'refuse' })
    expect(refused.roles).toEqual(shared)
    expect(refused.kinds.join()).not.toContain('authentication-methods')
    const carried = await read(CARRY)
    expect(carried.roles).toEqual([rolesIn('org_1', ANN), ...shared, rolesIn('org_3', HUB)])
    expect((await read({ ...CARRY, memberships: 'drop' })).roles).toEqual([])
  })
})

describe('decideRights', () => {
  const ann = (rights: Rights = {}) =>
    aUser({ user_id: ANN, connection: 'users', rights: { ...NO_RIGHTS, ...rights } })
  const withHeld = (rights: Rights, connection = 'github') =>
    hub({ connection, rights: { ...NO_RIGHTS, ...rights } })
  const enabled = (...names: string[]) => names.map((name) => ({ connection: { name } }))
  const CONNECTIONS = 'GET /organizations/org_1/enabled_connections'

  it('plans which rights to give, and makes no API call unless the account joins an organization', async () => {
    const api = someRightsCalls()
    const ending = withHeld({ roles: { rol_1: 'A' }, memberships: { org_1: 'Acme', 'org_1 rol_2': 'B' } })
    const staying = ann({ memberships: { org_1: 'Acme' } })
    expect(await decideRights(api, staying, ending, CARRY)).toEqual({
      plan: kept({
        given: { roles: ['rol_1'], memberships: ['org_1 rol_2'] },
        shared: { memberships: ['org_1'] },
      }),
    })
    expect(api.calls).toEqual([])
  })

  it('refuses more rights than an account can hold', async () => {
    const many = Object.fromEntries(Array.from({ length: 51 }, (_, at) => [`r${at}`, 'x']))
    expect(await decideRights(someRightsCalls(), ann(), withHeld({ roles: many }), CARRY)).toEqual({
      reason: 'rights_too_many',
    })
  })

  it.each(CARRY_SCOPES.memberships)('refuses memberships if %s was not granted', async (missing) => {
    const granted = CARRY_SCOPES.memberships.filter((scope) => scope !== missing)
    const api = someRightsCalls({ [CONNECTIONS]: enabled('github') }, granted)
    const ending = withHeld({ memberships: { org_1: 'Acme' } })
    expect(await decideRights(api, ann(), ending, CARRY)).toEqual({ reason: 'rights_unread' })
    expect(await decideRights(api, ann(), ending, { ...CARRY, memberships: 'drop' })).toHaveProperty('plan')
    expect(api.calls).toEqual([])
  })

  it.each<[string, unknown, boolean]>([
    ['the connection of the secondary account', enabled('other', 'github'), true],
    ['the connection of the primary account', enabled('users'), true],
    ['another connection only', enabled('saml'), false],
    ['no connection', [], false],
    ['a connection without a name', [{}, { connection: {} }], false],
    ['an unreadable list', () => ({ total: 0 }), false],
  ])('decides by the connections that an organization is open to: %s', async (_what, answer, isOpen) => {
    const api = someRightsCalls({ [CONNECTIONS]: answer }, CARRY_SCOPES.memberships)
    const ending = withHeld({ memberships: { org_1: 'Acme', 'org_1 rol_1': 'A' } })
    expect(await decideRights(api, ann(), ending, CARRY)).toEqual(
      isOpen
        ? { plan: kept({ given: { memberships: ['org_1', 'org_1 rol_1'] } }) }
        : { reason: 'memberships_lost' },
    )
    expect(api.names()).toEqual([`${CONNECTIONS}?per_page=100`])
  })

  it('refuses if one of several organizations is not open', async () => {
    const api = someRightsCalls({
      [CONNECTIONS]: enabled('github'),
      'GET /organizations/org%2F2/enabled_connections': enabled('saml'),
    })
    const ending = withHeld({ memberships: { org_1: 'Acme', 'org/2': 'Bolt' } })
    expect(await decideRights(api, ann(), ending, CARRY)).toEqual({ reason: 'memberships_lost' })
  })
})

describe('rightsSteps', () => {
  const give = (roles: string[]) => ['POST', `${ANN_PATH}/roles`, { roles }]
  const take = (roles: string[]) => ['DELETE', `${ANN_PATH}/roles`, { roles }]

  it('gives the planned rights before the link, and takes them back if nothing was linked', async () => {
    const api = someRightsCalls()
    const steps = await rightsSteps(
      api,
      aUser({ user_id: ANN }),
      hub(),
      kept({ given: { roles: ['rol_1'] } }),
    )
    expect(api.calls).toEqual([])
    await steps.beforeLink()
    expect(api.calls).toEqual([give(['rol_1'])])
    await steps.ifNotLinked()
    expect(api.calls).toEqual([give(['rol_1']), take(['rol_1'])])
  })

  it('takes, before the link, the rights that only an earlier attempt gave', async () => {
    const api = someRightsCalls()
    const primary = await attempted({ roles: ['rol_1', 'rol_old'], permissions: ['p api'] })
    const steps = await rightsSteps(api, primary, hub(), kept({ given: { roles: ['rol_1', 'rol_2'] } }))
    await steps.beforeLink()
    expect(api.calls).toEqual([
      take(['rol_old']),
      [
        'DELETE',
        `${ANN_PATH}/permissions`,
        { permissions: [{ permission_name: 'p', resource_server_identifier: 'api' }] },
      ],
      give(['rol_1', 'rol_2']),
    ])
  })

  it('makes no call if no right is given', async () => {
    const api = someRightsCalls()
    const steps = await rightsSteps(api, aUser({ user_id: ANN }), hub(), kept({ dropped: { roles: ['x'] } }))
    await steps.beforeLink()
    await steps.ifNotLinked()
    expect(api.calls).toEqual([])
  })
})
