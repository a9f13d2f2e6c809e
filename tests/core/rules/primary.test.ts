import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { costOfStaying, decidePrimary, type LinkPolicy, RIGHTS_KINDS, rightsLossRefusal } from '@/core'
import { aPolicy, aUser, type UserFields } from '../../support/builders/users'

const OLD = '2020-01-01T00:00:00.000Z'
const YOUNG = '2025-06-01T00:00:00.000Z'

/** The user id of the account that stays, whichever of the two is current. */
function decided(one: UserFields, other: UserFields, policy: Partial<LinkPolicy> = {}) {
  const pair = [aUser(one), aUser(other)] as const
  const [current, candidate] = pair
  const asked = [
    [current, candidate],
    [candidate, current],
  ] as const
  return asked.map(([from, to]) => {
    const { stays, reason } = decidePrimary(from, to, aPolicy(policy))
    return reason ?? (stays === 'current' ? from : to).user_id
  })
}

const ROLES = (...ids: string[]) => ({ rights: { roles: Object.fromEntries(ids.map((id) => [id, id])) } })

/** [what, one account, the other, policy, the account that stays or why neither can] */
const CASES: [string, UserFields, UserFields, Partial<LinkPolicy>, string][] = [
  [
    'the one that was there first',
    { user_id: 'auth0|1', created_at: OLD },
    { created_at: YOUNG },
    {},
    'auth0|1',
  ],
  [
    'the one whose age is known',
    { user_id: 'auth0|1', created_at: undefined },
    { created_at: YOUNG },
    {},
    'google-oauth2|1',
  ],
  [
    'the one whose date can be read',
    { user_id: 'auth0|1', created_at: 'yesterday' },
    { created_at: YOUNG },
    {},
    'google-oauth2|1',
  ],
  ['the same one of two of an age', { user_id: 'github|1' }, { user_id: 'auth0|1' }, {}, 'auth0|1'],
  [
    'the same one of two of unknown age',
    { user_id: 'github|1', created_at: undefined },
    { user_id: 'auth0|1', created_at: undefined },
    {},
    'auth0|1',
  ],
  [
    'the more used one',
    { user_id: 'auth0|1', created_at: OLD, logins_count: 3 },
    { created_at: YOUNG, logins_count: 4 },
    { primary: ['most_used'] },
    'google-oauth2|1',
  ],
  [
    'the older of two used as often',
    { user_id: 'auth0|1', created_at: OLD, logins_count: 3 },
    { created_at: YOUNG, logins_count: 3 },
    { primary: ['most_used'] },
    'auth0|1',
  ],
  [
    'the used one if the other was never counted',
    { user_id: 'auth0|1', created_at: OLD },
    { created_at: YOUNG, logins_count: 1 },
    { primary: ['most_used'] },
    'google-oauth2|1',
  ],
  [
    'the connection named first',
    { user_id: 'auth0|1', created_at: OLD },
    { created_at: YOUNG },
    { primary: ['google-oauth2', 'auth0'] },
    'google-oauth2|1',
  ],
  [
    'a connection that is named rather than one that is not',
    { user_id: 'auth0|1', created_at: OLD },
    { user_id: 'samlp|x', created_at: YOUNG },
    { primary: ['samlp'] },
    'samlp|x',
  ],
  [
    'the older one if neither connection is named',
    { user_id: 'auth0|1', created_at: OLD },
    { created_at: YOUNG },
    { primary: ['samlp'] },
    'auth0|1',
  ],
  [
    'the one named by connection, both of one provider',
    { user_id: 'auth0|1', created_at: OLD, connection: 'legacy' },
    { user_id: 'auth0|2', created_at: YOUNG, connection: 'main' },
    { primary: ['main'] },
    'auth0|2',
  ],
  [
    'the one with several identities, whatever the rule says',
    { user_id: 'auth0|1', created_at: YOUNG, linked: ['github|1'] },
    { created_at: OLD, logins_count: 99 },
    { primary: ['most_used'] },
    'auth0|1',
  ],
  [
    'neither if both have several',
    { user_id: 'auth0|1', linked: ['github|1'] },
    { linked: ['github|2'] },
    {},
    'several_identities',
  ],
  [
    'the provisioned one',
    { user_id: 'samlp|x', created_at: YOUNG },
    { created_at: OLD },
    { provisioned: ['samlp'] },
    'samlp|x',
  ],
  [
    'neither if the account that is not provisioned has several',
    { user_id: 'samlp|x' },
    { linked: ['github|1'] },
    { provisioned: ['samlp'] },
    'several_identities',
  ],
  [
    'the provisioned one with several',
    { user_id: 'samlp|x', linked: ['github|1'] },
    { created_at: OLD },
    { provisioned: ['samlp'] },
    'samlp|x',
  ],
  [
    'the one with a provisioned identity linked to it',
    { user_id: 'auth0|1', created_at: YOUNG, linked: ['samlp|x'] },
    { created_at: OLD },
    { provisioned: ['samlp'] },
    'auth0|1',
  ],
  [
    'neither if both are provisioned, one of them by a linked identity',
    { user_id: 'samlp|x' },
    { linked: ['samlp|y'] },
    { provisioned: ['samlp'] },
    'both_provisioned',
  ],
  [
    'neither if both are provisioned',
    { user_id: 'samlp|x' },
    { user_id: 'samlp|y' },
    { provisioned: ['samlp'] },
    'both_provisioned',
  ],
  [
    'the one that holds rights, whatever the rule says',
    { user_id: 'auth0|1', created_at: YOUNG, ...ROLES('a') },
    { created_at: OLD, logins_count: 99, ...ROLES() },
    { primary: ['most_used'] },
    'auth0|1',
  ],
  [
    'the one that loses less, if something is lost either way',
    {
      user_id: 'auth0|1',
      created_at: YOUNG,
      rights: { roles: { a: 'a' }, permissions: {} },
    },
    { created_at: OLD, rights: { roles: {}, permissions: { p: 'p' } } },
    { permissions: 'carry' },
    'auth0|1',
  ],
  [
    'the older one if what the other holds is let go',
    { user_id: 'auth0|1', created_at: YOUNG, ...ROLES('a') },
    { created_at: OLD, ...ROLES() },
    { roles: 'drop' },
    'google-oauth2|1',
  ],
  [
    'neither if both hold what must not be lost',
    { user_id: 'auth0|1', ...ROLES('a') },
    ROLES('b'),
    {},
    'roles_lost',
  ],
  [
    'neither if the account with several identities lacks what must not be lost',
    { user_id: 'auth0|1', linked: ['github|1'], ...ROLES() },
    ROLES('b'),
    {},
    'roles_lost',
  ],
]

describe('decidePrimary', () => {
  it.each(CASES)('keeps %s, whichever of the two is current', (_what, one, other, policy, expected) => {
    expect(decided(one, other, policy)).toEqual([expected, expected])
  })

  // Otherwise, two simultaneous logins could link the pair in both directions.
  it.each([
    ['differ in how an accent is written', 'samlp|acme|jos\u00e9', 'samlp|acme|jose\u0301'],
    ['differ in an invisible character', 'samlp|acme|jo', 'samlp|acme|j\u200do'],
    ['differ in case', 'samlp|acme|Jo', 'samlp|acme|jo'],
  ])('keeps the same account from both sides for ids that %s', (_how, one, other) => {
    const [first, second] = decided({ user_id: one }, { user_id: other })
    expect(first).toBe(second)
  })

  it('keeps the same account from both sides, for any generated pair', () => {
    const ages = [OLD, YOUNG, undefined]
    const users = ['auth0|1', 'google-oauth2|1', 'samlp|a|b'].flatMap((user_id) =>
      ages.flatMap((created_at) =>
        [[], ['github|9']].flatMap((linked) =>
          [undefined, 0, 7].map((logins_count) => ({ user_id, created_at, linked, logins_count })),
        ),
      ),
    )
    const policies = [
      {},
      { primary: ['most_used'] },
      { primary: ['samlp', 'auth0'] },
      { provisioned: ['samlp'] },
    ]
    const disagreements = policies.flatMap((policy) =>
      users.flatMap((one) =>
        users
          .filter(({ user_id }) => user_id !== one.user_id)
          .map((other) => decided(one, other, policy))
          .filter(([first, second]) => first !== second),
      ),
    )
    expect(disagreements).toEqual([])
  })

  it('keeps the same account from both sides for any rights, and never loses rights that must not be lost', () => {
    const held = fc.option(fc.dictionary(fc.constantFrom('a', 'b', 'a b'), fc.constant('x')), {
      nil: undefined,
    })
    const rights = fc.record(Object.fromEntries(RIGHTS_KINDS.map((kind) => [kind, held])))
    const account = fc.record({
      created_at: fc.constantFrom(OLD, YOUNG),
      logins_count: fc.constantFrom(0, 7),
      linked: fc.constantFrom<string[]>([], ['github|9']),
      rights: fc.option(rights, { nil: undefined }),
    })
    const word = (kept: 'carry' | 'enroll') => fc.constantFrom(undefined, 'refuse', kept, 'drop')
    const policy = fc.record({
      ...{
        roles: word('carry'),
        permissions: word('carry'),
        memberships: word('carry'),
        factors: word('enroll'),
      },
      primary: fc.constantFrom(['oldest'], ['most_used'], ['samlp', 'auth0']),
      provisioned: fc.constantFrom([], ['samlp']),
    }) as fc.Arbitrary<Partial<LinkPolicy>>
    const ids = fc.constantFrom(
      ['auth0|1', 'google-oauth2|1'],
      ['samlp|x', 'auth0|1'],
      ['samlp|x', 'samlp|y'],
    )
    fc.assert(
      fc.property(account, account, policy, ids, (one, other, rules, [oneId, otherId]) => {
        const [ann, bea] = [
          { ...one, user_id: `${oneId}` },
          { ...other, user_id: `${otherId}` },
        ] as [UserFields, UserFields]
        const [first, second] = decided(ann, bea, rules)
        // Either both sides refuse, perhaps because of different kinds, or both keep the same account.
        expect(second).toBe(first)
        if (first !== ann.user_id && first !== bea.user_id) return
        const [staying, ending] = first === ann.user_id ? [ann, bea] : [bea, ann]
        expect(rightsLossRefusal(staying, ending, aPolicy(rules))).toBeUndefined()
        expect(costOfStaying(staying, ending, aPolicy(rules))).toBeLessThan(2)
      }),
      { numRuns: 1_000 },
    )
  })
})
