import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { beforeRights, decideGroup, decideOffer, type LinkingUser, NEVER, pairKey } from '@/core'
import { MAX_DECIDED_ACCOUNTS } from '@/core/bulk/decide-group'
import { aPolicy, aUser } from '../../support/builders/users'
import { Accounts } from './arbitrary-accounts'

const PROOF = { way: 'operator', client_id: 'demo-app' }
const NOW = 1_800_000_000
const TERMS = { policy: aPolicy({ refuseKeys: ['suspended'] }), now: NOW, proof: PROOF }
const decide = (...users: LinkingUser[]) => decideGroup(users, TERMS)
const outcomes = async (...users: LinkingUser[]) => {
  const { stays, pairs } = await decide(...users)
  return [stays, ...pairs.map(({ secondary, outcome }) => `${secondary} ${outcome}`)]
}
const OLD = aUser({ user_id: 'auth0|old', created_at: '2019-01-01T00:00:00.000Z' })
const YOUNG = aUser({ user_id: 'google-oauth2|young', created_at: '2024-01-01T00:00:00.000Z' })
const UNVERIFIED = aUser({
  user_id: 'github|unverified',
  email_verified: false,
  created_at: '2018-01-01T00:00:00.000Z',
})

/** An account whose owner declined to link it to others; `until` is in seconds since the epoch. */
async function declining(user: LinkingUser, others: LinkingUser[], until = NEVER): Promise<LinkingUser> {
  const pairs = await Promise.all(others.map((other) => pairKey(user.user_id, other.user_id)))
  const declined = Object.fromEntries(pairs.map((pair) => [pair, { until, at: 1 }]))
  return { ...user, app_metadata: { account_linking: { declined } } }
}

describe('decideGroup', () => {
  it('keeps the account that a login would keep, and lists what is carried over', async () => {
    const holding = { ...YOUNG, user_metadata: { theme: 'dark' } }
    expect(await decide(OLD, holding)).toEqual({
      stays: 'auth0|old',
      pairs: [
        {
          secondary: 'google-oauth2|young',
          outcome: 'linkable',
          carried: { user_metadata: { theme: 'dark' }, app_metadata: {} },
        },
      ],
    })
  })

  it('links those of several accounts that can be linked, and gives a reason for each other one', async () => {
    expect(await outcomes(YOUNG, UNVERIFIED, OLD)).toEqual([
      'auth0|old',
      'github|unverified unverified',
      'google-oauth2|young linkable',
    ])
  })

  it('keeps none if none can be linked, and lists every account but the oldest', async () => {
    expect(await outcomes(OLD, UNVERIFIED)).toEqual([null, 'auth0|old unverified'])
  })

  it('keeps the account with several identities, whatever its age, and refuses a second such account', async () => {
    const several = aUser({
      user_id: 'github|1',
      linked: ['apple|1'],
      created_at: '2025-01-01T00:00:00.000Z',
    })
    const more = aUser({ user_id: 'github|2', linked: ['apple|2'], created_at: '2025-02-01T00:00:00.000Z' })
    expect(await outcomes(OLD, several, more)).toEqual([
      'github|1',
      'auth0|old linkable',
      'github|2 several_identities',
    ])
  })

  it('treats email addresses that differ in white space as different', async () => {
    expect(await outcomes(OLD, { ...YOUNG, email: ' ann@example.com' })).toEqual([
      null,
      'google-oauth2|young email_mismatch',
    ])
  })

  it('does not link two accounts whose owner declined, until the decline expires', async () => {
    const declined = (until: number) => declining(YOUNG, [OLD], until)
    expect(await outcomes(OLD, await declined(NEVER))).toEqual([null, 'google-oauth2|young declined'])
    expect(await outcomes(OLD, await declined(NOW + 1))).toEqual([null, 'google-oauth2|young declined'])
    expect(await outcomes(OLD, await declined(NOW))).toEqual(['auth0|old', 'google-oauth2|young linkable'])
  })

  it('decides nothing for more accounts than the limit', async () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_each, at) => aUser({ user_id: `auth0|${at}` }))
    const few = await decide(...many(MAX_DECIDED_ACCOUNTS))
    expect([few.stays, few.pairs.length]).toEqual(['auth0|0', MAX_DECIDED_ACCOUNTS - 1])
    const { stays, pairs } = await decide(...many(MAX_DECIDED_ACCOUNTS + 1))
    expect([stays, pairs.length]).toEqual([null, MAX_DECIDED_ACCOUNTS])
    expect(new Set(pairs.map(({ outcome }) => outcome))).toEqual(new Set(['too_many_accounts']))
  })

  it('lists the pairs by user id, whatever their ages', async () => {
    const at = (user_id: string, year: number) =>
      aUser({ user_id, created_at: `${year}-01-01T00:00:00.000Z` })
    const users = [at('github|c', 2020), at('apple|b', 2021), at('github|d', 2022), at('auth0|a', 2023)]
    expect(await outcomes(at('auth0|z', 2019), ...users)).toEqual([
      'auth0|z',
      ...['apple|b', 'auth0|a', 'github|c', 'github|d'].map((id) => `${id} linkable`),
    ])
  })

  it('counts an account of unknown age as the youngest', async () => {
    const ageless = { ...OLD, created_at: undefined }
    const last = aUser({
      user_id: 'apple|last',
      email_verified: false,
      created_at: '2999-01-01T00:00:00.000Z',
    })
    expect(await outcomes(ageless, last)).toEqual([null, 'auth0|old unverified'])
  })

  it('keeps the account that takes in most others, though it would end with another one', async () => {
    const oldest = aUser({ user_id: 'apple|oldest', created_at: '2015-01-01T00:00:00.000Z' })
    const third = aUser({ user_id: 'github|third', created_at: '2024-06-01T00:00:00.000Z' })
    // The oldest account can take in one other: its owner declined the rest.
    expect(await outcomes(await declining(oldest, [YOUNG, third]), OLD, YOUNG, third)).toEqual([
      'auth0|old',
      'apple|oldest decision_changed',
      'github|third linkable',
      'google-oauth2|young linkable',
    ])
  })

  it('keeps, of accounts that take in equally many, one that could not end itself', async () => {
    const several = aUser({
      user_id: 'github|several',
      linked: ['apple|1'],
      created_at: '2025-01-01T00:00:00.000Z',
    })
    expect(await outcomes(OLD, YOUNG, await declining(several, [YOUNG]))).toEqual([
      'github|several',
      'auth0|old linkable',
      'google-oauth2|young declined',
    ])
  })

  it('returns no pairs for a single account', async () => {
    expect(await decide(OLD)).toEqual({ stays: null, pairs: [] })
    expect(await decide()).toEqual({ stays: null, pairs: [] })
  })
})

describe('decideGroup, for any generated accounts', () => {
  it('does not depend on the order of the accounts', async () => {
    const Shuffled = Accounts.chain((users) =>
      fc.tuple(fc.constant(users), fc.shuffledSubarray(users, { minLength: users.length })),
    )
    await fc.assert(
      fc.asyncProperty(Shuffled, async ([users, shuffled]) => {
        expect(await decide(...shuffled)).toEqual(await decide(...users))
      }),
    )
  })

  it('links each account at most once, and only with a primary that a login would choose too', async () => {
    await fc.assert(
      fc.asyncProperty(Accounts, async (users) => {
        const { stays, pairs } = await decide(...users)
        const ids = pairs.map(({ secondary }) => secondary)
        expect(new Set(ids).size).toBe(users.length - 1)
        expect(ids).not.toContain(stays)
        const linkable = pairs.filter(({ outcome }) => outcome === 'linkable')
        expect(stays === null).toBe(linkable.length === 0)
        for (const { secondary } of linkable) {
          const [primary, ending] = [stays, secondary].map((id) =>
            users.find(({ user_id }) => user_id === id),
          )
          if (!primary || !ending) throw new Error('no such account')
          expect(await decideOffer(primary, ending, TERMS.policy, NOW, PROOF)).toMatchObject({
            stays: 'current',
          })
        }
      }),
    )
  })

  it('chooses a primary if any two accounts can be linked', async () => {
    await fc.assert(
      fc.asyncProperty(Accounts, async (users) => {
        const verdicts = await Promise.all(
          users.flatMap((one, at) =>
            users.slice(at + 1).map((other) => decideOffer(one, other, TERMS.policy, NOW, PROOF)),
          ),
        )
        const { stays } = await decide(...users)
        expect(stays !== null).toBe(verdicts.some((verdict) => verdict.stays !== undefined))
      }),
    )
  })
})

describe('beforeRights', () => {
  it('marks a linkable pair as still depending on rights, unless every right may be lost', () => {
    expect(beforeRights('linkable', aPolicy())).toBe('linkable_before_rights')
    expect(beforeRights('unverified', aPolicy())).toBe('unverified')
    const lost = aPolicy({ roles: 'drop', permissions: 'drop', memberships: 'drop', factors: 'drop' })
    expect(beforeRights('linkable', lost)).toBe('linkable')
  })
})
