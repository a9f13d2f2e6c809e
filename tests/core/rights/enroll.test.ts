import { describe, expect, it } from 'vitest'
import { dueFactors, enrollAfter, type RightIds } from '@/core'

const AT = 1_800_000_000
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
  ])('after %j were lost offers %j', (factors, expected) => {
    expect(enrollAfter(planOf({ factors }), { factors: 'enroll' }, AT)).toEqual({
      enroll: { at: AT, factors: expected },
    })
  })

  it.each([
    ['no factor was lost', planOf({ roles: ['r'] }), 'enroll'],
    ['the operator lets them go', planOf({ factors: ['totp'] }), 'drop'],
    ['the operator said nothing', planOf({ factors: ['totp'] }), undefined],
  ] as const)('asks for none if %s', (_what, plan, factors) => {
    expect(enrollAfter(plan, { factors }, AT)).toEqual({})
  })
})

describe('dueFactors', () => {
  const noted = (enroll: unknown) => ({ app_metadata: { account_linking: { enroll } } })
  const enroll = { at: AT, factors: ['otp', 'phone'] }

  it('are those that were noted, until the account has a factor', () => {
    expect(dueFactors(noted(enroll))).toEqual(['otp', 'phone'])
    expect(dueFactors({ ...noted(enroll), multifactor: [] })).toEqual(['otp', 'phone'])
    expect(dueFactors({ ...noted(enroll), multifactor: ['otp'] })).toBeUndefined()
  })

  it('are the texts among what another program noted', () => {
    expect(dueFactors(noted({ factors: [null, 7, 'otp', {}] }))).toEqual(['otp'])
  })

  it.each([undefined, null, 'otp', ['otp'], {}, { factors: 'otp' }, { factors: [] }, { factors: [7] }])(
    'are none if %j is noted',
    (note) => {
      expect(dueFactors(noted(note))).toBeUndefined()
    },
  )
})
