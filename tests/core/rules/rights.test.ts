import { describe, expect, it } from 'vitest'
import {
  bytesOf,
  costOfStaying,
  decidingKinds,
  digestOfGiven,
  hash12,
  isTooMany,
  type KeptRights,
  lacksRightsScope,
  namesOfRights,
  planRights,
  RIGHTS_KINDS,
  type RightIds,
  type Rights,
  type RightsKind,
  type RightsPolicy,
  rightsLossRefusal,
} from '@/core'

/** The values that the operator can set for each kind; undefined means that none is set. */
const WORDS: { [Kind in RightsKind]: RightsPolicy[Kind][] } = {
  roles: [undefined, 'refuse', 'carry', 'drop'],
  permissions: [undefined, 'refuse', 'carry', 'drop'],
  memberships: [undefined, 'refuse', 'carry', 'drop'],
  factors: [undefined, 'refuse', 'enroll', 'drop'],
}
const ROWS = RIGHTS_KINDS.flatMap((kind) => WORDS[kind].map((word) => [kind, word] as const))
const UNSET: RightsPolicy = {
  roles: undefined,
  permissions: undefined,
  memberships: undefined,
  factors: undefined,
}
const policyOf = (rules: Partial<RightsPolicy>): RightsPolicy => ({ ...UNSET, ...rules })
const held = (...ids: string[]) => Object.fromEntries(ids.map((id) => [id, `name of ${id}`]))
/** An account whose rights of every kind were read; it holds these. */
const holding = (rights: Rights = {}) => ({
  rights: { roles: {}, permissions: {}, memberships: {}, factors: {}, ...rights },
})
const kept = (plan: Partial<KeptRights> = {}): KeptRights => ({ given: {}, dropped: {}, shared: {}, ...plan })
const some = (count: number, name = (at: number) => `${at}`) =>
  Array.from({ length: count }, (_, at) => name(at))

describe.each(ROWS)('rights that only the secondary account holds, %s with the rule %s', (kind, word) => {
  const policy = policyOf({ [kind]: word })
  const [one, none] = [holding({ [kind]: held('x') }), holding()]
  const isRefused = word === undefined || word === 'refuse'

  it('stop the link unless the operator allows to carry, re-enroll or drop them', () => {
    expect(rightsLossRefusal(none, one, policy)).toBe(isRefused ? `${kind}_lost` : undefined)
  })

  it('have a higher cost, the less they may be lost', () => {
    const costs = { refuse: 2, carry: 1, enroll: 1, drop: 0 }
    expect(costOfStaying(none, one, policy)).toBe(costs[word ?? 'refuse'])
  })

  it('are read for the decision unless they may be dropped', () => {
    expect(decidingKinds(policy).includes(kind)).toBe(word !== 'drop')
  })

  it('are given if they may be carried, and dropped otherwise', () => {
    expect(planRights(none, one, policy)).toEqual(
      kept({ [word === 'carry' ? 'given' : 'dropped']: { [kind]: ['x'] } }),
    )
  })

  it('stop nothing if the primary account holds them too', () => {
    expect(rightsLossRefusal(one, one, policy)).toBeUndefined()
    expect(costOfStaying(one, one, policy)).toBe(0)
    expect(planRights(one, one, policy)).toEqual(kept({ shared: { [kind]: ['x'] } }))
  })

  it('stop nothing if only the primary account holds them', () => {
    expect(rightsLossRefusal(one, none, policy)).toBeUndefined()
    expect(costOfStaying(one, none, policy)).toBe(0)
    expect(planRights(one, none, policy)).toEqual(kept())
  })

  it('do not stop the link if they were not read for both accounts', () => {
    const unread = { rights: { ...none.rights, [kind]: undefined } }
    expect(rightsLossRefusal(unread, one, policy)).toBeUndefined()
    expect(costOfStaying(unread, one, policy)).toBe(0)
    // Rights that cannot be compared are neither given nor counted as shared.
    expect(planRights(unread, one, policy)).toEqual(kept({ dropped: { [kind]: ['x'] } }))
    expect(planRights(one, unread, policy)).toEqual(kept())
  })

  it('are reported as unread only if the operator set a rule other than drop', () => {
    const unread = { rights: { ...none.rights, [kind]: undefined } }
    expect(lacksRightsScope(unread, policy)).toBe(word !== undefined && word !== 'drop')
    expect(lacksRightsScope(one, policy)).toBe(false)
    expect(lacksRightsScope({}, policy)).toBe(false)
  })
})

describe('rightsLossRefusal', () => {
  const ending = holding({ roles: held('r'), factors: held('totp') })

  it('returns the first kind that must not be lost', () => {
    expect(rightsLossRefusal(holding(), ending, policyOf({ roles: 'carry' }))).toBe('factors_lost')
    expect(rightsLossRefusal(holding(), ending, policyOf({}))).toBe('roles_lost')
  })

  it.each<[string, Partial<RightsPolicy>, Rights, string | undefined]>([
    [
      'rights are carried to an account without the factor',
      { roles: 'carry', factors: 'enroll' },
      {},
      'factors_lost',
    ],
    ['factors are dropped', { roles: 'carry', factors: 'drop' }, {}, undefined],
    ['nothing is carried', { roles: 'drop', factors: 'enroll' }, {}, undefined],
    [
      'the account holds the rights already',
      { roles: 'carry', factors: 'enroll' },
      { roles: held('r') },
      undefined,
    ],
    [
      'the account has the factor already',
      { roles: 'carry', factors: 'enroll' },
      { factors: held('totp') },
      undefined,
    ],
  ])('decides whether factors must be kept, if %s', (_what, rules, staying, reason) => {
    expect(rightsLossRefusal(holding(staying), ending, policyOf(rules))).toBe(reason)
  })
})

describe('costOfStaying', () => {
  it('is that of the most expensive kind', () => {
    const ending = holding({ roles: held('r'), permissions: held('p') })
    expect(costOfStaying(holding(), ending, policyOf({ roles: 'carry' }))).toBe(2)
    expect(costOfStaying(holding(), ending, policyOf({ roles: 'carry', permissions: 'drop' }))).toBe(1)
    expect(costOfStaying(holding(), ending, policyOf({ roles: 'drop', permissions: 'drop' }))).toBe(0)
  })
})

describe('decidingKinds', () => {
  it('are all kinds unless the operator drops one', () => {
    expect(decidingKinds(UNSET)).toEqual(['roles', 'permissions', 'memberships', 'factors'])
  })
})

describe('lacksRightsScope', () => {
  it('checks every kind for which the operator set a rule', () => {
    expect(lacksRightsScope({ rights: {} }, UNSET)).toBe(false)
    expect(lacksRightsScope({ rights: { roles: {} } }, policyOf({ roles: 'carry', factors: 'enroll' }))).toBe(
      true,
    )
    expect(
      lacksRightsScope(
        { rights: { roles: {}, factors: {} } },
        policyOf({ roles: 'carry', factors: 'enroll' }),
      ),
    ).toBe(false)
  })
})

describe('planRights', () => {
  it('puts every id into one of the lists', () => {
    const staying = holding({ roles: held('both'), memberships: held('org_1') })
    const ending = holding({
      roles: held('both', 'own'),
      permissions: held('read shop'),
      memberships: held('org_1', 'org_1 rol_1', 'org_2'),
      factors: held('totp'),
    })
    const policy = policyOf({ roles: 'carry', permissions: 'drop', memberships: 'carry', factors: 'enroll' })
    expect(planRights(staying, ending, policy)).toEqual({
      given: { roles: ['own'], memberships: ['org_1 rol_1', 'org_2'] },
      dropped: { permissions: ['read shop'], factors: ['totp'] },
      shared: { roles: ['both'], memberships: ['org_1'] },
    })
  })

  it('plans nothing if no rights were read', () => {
    expect(planRights({}, {}, UNSET)).toEqual(kept())
  })
})

describe('isTooMany', () => {
  const roles = (count: number) => some(count, (at) => `r${at}`)
  const orgs = (count: number) => some(count, (at) => `o${at}`)
  const joins = (count: number) => some(count, (at) => `j${at}`).flatMap((id) => [id, `${id} r`])
  it.each<[string, RightIds, Rights, boolean]>([
    ['50 roles', { roles: roles(50) }, {}, false],
    ['51 roles', { roles: roles(51) }, {}, true],
    ['a role beside 49', { roles: ['new'] }, { roles: held(...roles(49)) }, false],
    ['a role beside 50', { roles: ['new'] }, { roles: held(...roles(50)) }, true],
    ['a permission beside 50 roles', { permissions: ['p a'] }, { roles: held(...roles(50)) }, false],
    ['a role beside 1,000 permissions', { roles: ['r'] }, { permissions: held(...some(1_000)) }, false],
    ['a permission beside 999', { permissions: ['p a'] }, { permissions: held(...some(999)) }, false],
    ['a permission beside 1,000', { permissions: ['p a'] }, { permissions: held(...some(1_000)) }, true],
    ['5 organizations', { memberships: some(5, (at) => `org_${at}`) }, {}, false],
    ['6 organizations', { memberships: some(6, (at) => `org_${at}`) }, {}, true],
    ['5 organizations, with a role in each', { memberships: some(5, (at) => `o${at} r`) }, {}, false],
    ['an organization beside 9', { memberships: ['org_x'] }, { memberships: held(...some(9)) }, false],
    ['50 roles in an organization', { memberships: ['o', ...some(50, (at) => `o r${at}`)] }, {}, false],
    ['51 roles in an organization', { memberships: ['o', ...some(51, (at) => `o r${at}`)] }, {}, true],
    [
      'a role in an organization beside 50 there',
      { memberships: ['o new'] },
      { memberships: held('o', ...some(50, (at) => `o r${at}`)) },
      true,
    ],
    [
      'a role in an organization beside 51 in others whose names begin alike',
      { memberships: ['o new'] },
      { memberships: held('o', 'oo', ...some(51, (at) => `oo r${at}`)) },
      false,
    ],
  ])('%s', (_what, given, rights, expected) => {
    expect(isTooMany({ rights }, kept({ given }))).toBe(expected)
  })

  // Eight lists and two calls to give roles and permissions are always needed.
  it.each<[string, Partial<KeptRights>, Rights, boolean]>([
    ['30 organizations whose roles are read', { dropped: { memberships: orgs(30) } }, {}, false],
    ['31', { dropped: { memberships: orgs(31) } }, {}, true],
    [
      '15 of both, read twice',
      { shared: { memberships: orgs(15) } },
      { memberships: held(...orgs(15)) },
      false,
    ],
    ['16 of both', { shared: { memberships: orgs(16) } }, { memberships: held(...orgs(16)) }, true],
    [
      'roles count with their organization',
      { dropped: { memberships: orgs(30).flatMap((id) => [id, `${id} r`]) } },
      {},
      false,
    ],
    // To join an organization takes calls to read its roles, check its connections, add the member and give the roles.
    ['18 and 3 to join', { dropped: { memberships: orgs(18) }, given: { memberships: joins(3) } }, {}, false],
    ['19 and 3 to join', { dropped: { memberships: orgs(19) }, given: { memberships: joins(3) } }, {}, true],
    [
      '30 beside 101 permissions, whose list has a second page',
      { dropped: { memberships: orgs(30) } },
      { permissions: held(...some(101)) },
      true,
    ],
  ])('allows 40 calls at most: %s', (_what, plan, rights, expected) => {
    expect(isTooMany({ rights }, kept(plan))).toBe(expected)
  })

  it('uses the plan alone for an account whose rights were not read', () => {
    expect(isTooMany({}, kept({ given: { roles: roles(50) } }))).toBe(false)
  })

  it.each(['given', 'dropped', 'shared'] as const)(
    'allows a snapshot 2,000 bytes of ids, such as %s',
    (list) => {
      const planOf = (length: number) => kept({ [list]: { permissions: ['x'.repeat(length)] } })
      const length = 2_000 - bytesOf(planOf(0))
      expect(bytesOf(planOf(length))).toBe(2_000)
      expect(isTooMany({}, planOf(length))).toBe(false)
      expect(isTooMany({}, planOf(length + 1))).toBe(true)
    },
  )
})

describe('digestOfGiven', () => {
  const digestOf = (given: RightIds) => digestOfGiven({ given })

  it('is short, and does not depend on the order', async () => {
    const one = await digestOf({ roles: ['a', 'b'], permissions: ['p x', 'q x'] })
    expect(one).toMatch(/^[0-9a-f]{12}$/)
    expect(await digestOf({ permissions: ['q x', 'p x'], roles: ['b', 'a'] })).toBe(one)
  })

  it.each<[string, RightIds]>([
    ['a role more', { roles: ['a', 'b'], memberships: ['o'] }],
    ['a role less', { memberships: ['o'] }],
    ['another role', { roles: ['b'], memberships: ['o'] }],
    ['the same id of another kind', { permissions: ['a'], memberships: ['o'] }],
    ['another organization', { roles: ['a'], memberships: ['p'] }],
    [
      'a role in an organization that the account is a member of',
      { roles: ['a'], memberships: ['o', 'p r'] },
    ],
    ['a role in an organization that the account joins', { roles: ['a'], memberships: ['o', 'o r'] }],
  ])('differs for %s', async (_what, given) => {
    expect(await digestOf(given)).not.toBe(await digestOf({ roles: ['a'], memberships: ['o'] }))
  })

  it('is that of an empty object if no right is given', async () => {
    for (const given of [{}, { roles: [] }]) expect(await digestOf(given)).toBe(await hash12('{}'))
  })

  it('does not modify the lists', async () => {
    const given = { roles: ['b', 'a'] }
    await digestOf(given)
    expect(given).toEqual({ roles: ['b', 'a'] })
  })
})

describe('namesOfRights', () => {
  it('are the names in the tenant, or the ids of rights without a name', () => {
    const rights = { roles: { rol_1: 'Editor' }, permissions: {} }
    const ids = { roles: ['rol_1', 'rol_2'], memberships: ['org_1'] }
    expect(namesOfRights({ rights }, ids)).toEqual({ roles: ['Editor', 'rol_2'], memberships: ['org_1'] })
    expect(namesOfRights({}, { roles: ['rol_1'] })).toEqual({ roles: ['rol_1'] })
  })
})
