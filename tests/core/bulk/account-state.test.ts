import { describe, expect, it } from 'vitest'
import { accountState, NEVER, snapshotKeyOf } from '@/core'
import { aUser, type UserFields } from '../../support/builders/users'

const AT = 1_800_000_000
const FIELDS: UserFields = {
  user_id: 'auth0|ann',
  linked: ['github|7'],
  user_metadata: { theme: 'dark' },
  app_metadata: { plan: 'pro' },
}
const ANN = aUser(FIELDS)
const state = (fields: UserFields) => accountState(aUser({ ...FIELDS, ...fields }))

/** The `app_metadata` of Ann after she declined an offer, and a lookup. */
const MARKED = {
  plan: 'pro',
  account_linking: { looked: { until: NEVER, key: 'a' }, declined: { pair: { until: NEVER, at: AT } } },
}

describe('accountState', () => {
  it.each<[string, UserFields]>([
    ['another email address', { email: 'bea@example.com' }],
    ['an unverified email address', { email_verified: false }],
    ['a block', { blocked: true }],
    ['a further identity', { linked: ['github|7', 'apple|1'] }],
    ['another identity', { linked: ['github|8'] }],
    ['another connection', { connection: 'partners' }],
    ['another value in user_metadata', { user_metadata: { theme: 'light' } }],
    ['another value in app_metadata', { app_metadata: { plan: 'free' } }],
    ['a further field', { user_metadata: { theme: 'dark', size: 1 } }],
  ])('changes with %s', async (_what, fields) => {
    expect(await state(fields)).not.toBe(await accountState(ANN))
  })

  it('changes with what we keep about another account', async () => {
    const snapshot = { v: 2, at: AT, user_id: 'github|9', proof: { way: 'login', client_id: 'x' } }
    const app_metadata = { plan: 'pro', [await snapshotKeyOf('github|9')]: snapshot }
    expect(await state({ app_metadata })).not.toBe(await accountState(ANN))
  })

  it.each<[string, UserFields]>([
    ['letter case of the email address', { email: 'Ann@Example.com' }],
    ['a block that was lifted', { blocked: false }],
    ['fields that are null', { user_metadata: { theme: 'dark', size: null } }],
    ['a decline or a lookup', { app_metadata: MARKED }],
    ['rights', { rights: { roles: { rol_1: 'Admin' } } }],
    ['age and name', { created_at: '2020-01-01T00:00:00.000Z', name: 'Ann' } as UserFields],
  ])('does not change with %s', async (_what, fields) => {
    expect(await state(fields)).toBe(await accountState(ANN))
  })

  it('does not depend on the order of fields', async () => {
    const orders = ['abc', 'acb', 'bac', 'bca', 'cab', 'cba']
    const states = await Promise.all(
      orders.flatMap((order) => {
        const fields = Object.fromEntries([...order].map((name) => [name, name]))
        return [state({ user_metadata: fields }), state({ user_metadata: {}, app_metadata: fields })]
      }),
    )
    expect(new Set(states).size).toBe(2)
  })
})
