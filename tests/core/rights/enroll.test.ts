import { describe, expect, it } from 'vitest'
import { enrollAfter, factorsToEnroll, type RightIds } from '@/core'

const AT = 1_800_000_000
const OF = 'google-oauth2|1'
const planOf = (dropped: RightIds) => ({ given: {}, dropped, shared: {} })

describe('enrollAfter', () => {
  it.each([
    [['totp'], ['otp']],
    [['passkey'], ['otp']],
    [['phone'], ['otp', 'phone']],
    [['push'], ['otp', 'push-notification']],
    [
      ['guardian', 'push', 'push-notification'],
      ['otp', 'push-notification'],
    ],
    [
      ['webauthn-roaming', 'webauthn-platform'],
      ['otp', 'webauthn-roaming', 'webauthn-platform'],
    ],
  ])('offers, after %j were lost, %j', (factors, expected) => {
    expect(enrollAfter(planOf({ factors }), { factors: 'enroll' }, AT, OF)).toEqual({
      enroll: { at: AT, of: OF, factors: expected },
    })
  })

  it.each([
    ['no factor was lost', planOf({ roles: ['r'] }), 'enroll'],
    ['the operator allows the loss', planOf({ factors: ['totp'] }), 'drop'],
    ['the operator configured nothing', planOf({ factors: ['totp'] }), undefined],
  ] as const)('returns no mark if %s', (_what, plan, factors) => {
    expect(enrollAfter(plan, { factors }, AT, OF)).toEqual({})
  })
})

describe('factorsToEnroll', () => {
  const identities = [{ user_id: OF, provider: 'google-oauth2', connection: 'google-oauth2' }]
  const noted = (enroll: unknown) => ({ identities, app_metadata: { account_linking: { enroll } } })
  const enroll = { at: AT, of: OF, factors: ['otp', 'phone'] }

  it('are those in the mark, until the account has a factor', () => {
    expect(factorsToEnroll(noted(enroll))).toEqual(['otp', 'phone'])
    expect(factorsToEnroll({ ...noted(enroll), multifactor: [] })).toEqual(['otp', 'phone'])
    expect(factorsToEnroll({ ...noted(enroll), multifactor: ['otp'] })).toBeUndefined()
  })

  it('are none if the lost account is not linked to this one', () => {
    expect(factorsToEnroll({ ...noted(enroll), identities: [] })).toBeUndefined()
    expect(factorsToEnroll(noted({ ...enroll, of: 'google-oauth2|2' }))).toBeUndefined()
  })

  it('are only the strings in the mark', () => {
    expect(factorsToEnroll(noted({ of: OF, factors: [null, 7, 'otp', {}] }))).toEqual(['otp'])
  })

  it.each([
    undefined,
    null,
    'otp',
    ['otp'],
    {},
    { of: OF, factors: 'otp' },
    { of: OF, factors: [] },
    { of: OF, factors: [7] },
  ])('are none if the mark is %j', (note) => {
    expect(factorsToEnroll(noted(note))).toBeUndefined()
  })
})
