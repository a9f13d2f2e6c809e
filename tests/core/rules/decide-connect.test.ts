import { describe, expect, it } from 'vitest'
import { type ConnectPolicy, decideConnect } from '@/core'
import { aPolicy, aUser, type UserFields } from '../../support/builders/users'

const CURRENT: UserFields = { user_id: 'auth0|1', created_at: '2024-01-01T00:00:00.000Z' }
const OTHER: UserFields = { user_id: 'github|1', email: 'ann@work.example' }
const decide = (current: UserFields, other: UserFields, policy: Partial<ConnectPolicy> = {}) =>
  decideConnect(aUser({ ...CURRENT, ...current }), aUser({ ...OTHER, ...other }), {
    ...aPolicy(),
    sameEmail: false,
    ...policy,
  })

describe('decideConnect', () => {
  it('allows accounts with different addresses, of any provider', () => {
    expect(decide({}, {})).toEqual({ stays: 'current' })
    expect(decide({}, { user_id: 'samlp|acme|1' })).toEqual({ stays: 'current' })
  })

  it.each<[string, UserFields, UserFields, object]>([
    ['no address', {}, { email: undefined, email_verified: undefined }, {}],
    ['an address that its provider has not verified', {}, { email_verified: false }, {}],
    ['a user name only', {}, { user_id: 'auth0|2', email: undefined, email_verified: false }, {}],
  ])('allows an account with %s', (_what, current, other, policy) => {
    expect(decide(current, other, policy)).toEqual({ stays: 'current' })
  })

  it.each<[string, UserFields, UserFields, Partial<ConnectPolicy>]>([
    ['same_account', { linked: ['github|1'] }, {}, {}],
    ['blocked', { blocked: true }, {}, {}],
    ['blocked', {}, { blocked: true }, {}],
    ['restricted', { app_metadata: { suspended: true } }, {}, { refuseKeys: ['suspended'] }],
    ['restricted', {}, { app_metadata: { suspended: 'yes' } }, { refuseKeys: ['fraud', 'suspended'] }],
    // The owner of the unverified address could reset this account's password.
    ['unverified', {}, { user_id: 'auth0|2', email_verified: false }, {}],
    ['unverified', { email_verified: 'true' }, {}, {}],
    ['untrusted_connection', {}, {}, { blocked: ['github'] }],
    ['untrusted_connection', {}, { linked: ['samlp|acme|1'] }, { blocked: ['samlp'] }],
    ['several_identities', { linked: ['email|1'] }, { linked: ['apple|1'] }, {}],
    ['both_provisioned', {}, {}, { provisioned: ['db', 'github'] }],
    ['email_mismatch', {}, {}, { sameEmail: true }],
    ['unverified', {}, { email: 'ann@example.com', email_verified: false }, { sameEmail: true }],
    ['unverified', {}, { email: undefined }, { sameEmail: true }],
  ])('refuses with %s', (reason, current, other, policy) => {
    expect(decide(current, other, policy)).toEqual({ reason })
  })

  it('allows the same address in any spelling, if the operator requires the same address', () => {
    expect(decide({}, { email: 'Ann@Example.com' }, { sameEmail: true })).toEqual({ stays: 'current' })
  })

  it('keeps the older account, and the one with several identities', () => {
    expect(decide({}, { created_at: '2020-01-01T00:00:00.000Z' })).toEqual({ stays: 'candidate' })
    expect(decide({}, { linked: ['apple|1'] })).toEqual({ stays: 'candidate' })
  })
})
