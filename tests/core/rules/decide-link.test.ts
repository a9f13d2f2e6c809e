import { describe, expect, it } from 'vitest'
import { decideLink, type LinkPolicy } from '@/core'
import { aPolicy, aReturningSnapshot, aUser, type UserFields } from '../../support/builders/users'

const NOW = 1_800_000_000
const CURRENT: UserFields = { user_id: 'google-oauth2|1', created_at: '2025-06-01T00:00:00.000Z' }
const CANDIDATE: UserFields = { user_id: 'auth0|1', created_at: '2025-01-01T00:00:00.000Z' }

const decide = (current: UserFields, candidate: UserFields, policy: Partial<LinkPolicy> = {}) =>
  decideLink(aUser({ ...CURRENT, ...current }), aUser({ ...CANDIDATE, ...candidate }), aPolicy(policy), NOW)

describe('decideLink', () => {
  it.each([
    ['the candidate', {}, 'candidate'],
    ['the current user', { created_at: '2027-01-01T00:00:00.000Z' }, 'current'],
  ])('keeps %s', (_who, candidate, stays) => {
    expect(decide({}, candidate)).toEqual({ stays })
  })

  it('accepts one address in two spellings', () => {
    expect(decide({ email: 'Ann@Example.com' }, {})).toEqual({ stays: 'candidate' })
  })

  it.each([
    ['the current user', { user_id: 'auth0|1' }],
    ['a user that is linked already', { linked: ['auth0|1'] }],
  ])('refuses %s as a candidate', (_who, current) => {
    expect(decide(current, {})).toEqual({ reason: 'same_account' })
  })

  it.each([
    ['blocked', { blocked: true }],
    ['unverified', { email_verified: false }],
    ['unverified', { email_verified: undefined }],
    ['unverified', { email_verified: 'true' }],
    ['unverified', { email_verified: 1 }],
    ['unverified', { email: undefined }],
    ['unverified', { email: '' }],
    ['email_mismatch', { email: 'ann.archer@example.com' }],
    ['email_mismatch', { email: 'ann+x@example.com' }],
    ['email_mismatch', { email: '\u00e4nn@example.com' }],
  ])('refuses with %s if either side has %j', (reason, fields) => {
    expect(decide(fields, {})).toEqual({ reason })
    expect(decide({}, fields)).toEqual({ reason })
  })

  it.each([
    ['the current user', { user_id: 'samlp|acme|1' }, {}],
    ['the candidate', {}, { user_id: 'samlp|acme|1' }],
  ])('refuses if the connection of %s is not trusted', (_who, current, candidate) => {
    expect(decide(current, candidate)).toEqual({ reason: 'untrusted_connection' })
    expect(decide(current, candidate, { trusted: ['samlp', 'auth0', 'google-oauth2'] })).toHaveProperty(
      'stays',
    )
  })

  it.each([
    ['its value is', true, ['plan', 'suspended']],
    ['its value is', false, ['suspended']],
    ['its value is', 0, ['suspended']],
    ['its value is', '', ['suspended']],
    ['its value is', {}, ['suspended']],
  ])(
    'refuses as restricted if either side has one of these keys, whatever %s: %j',
    (_what, value, refuseKeys) => {
      const fields = { app_metadata: { suspended: value } }
      expect(decide(fields, {}, { refuseKeys })).toEqual({ reason: 'restricted' })
      expect(decide({}, fields, { refuseKeys })).toEqual({ reason: 'restricted' })
    },
  )

  it.each<[UserFields, string[]]>([
    [{ app_metadata: { suspended: true } }, []],
    [{ app_metadata: { suspended: true } }, ['suspende', 'Suspended']],
    [{ app_metadata: { suspended: null } }, ['suspended']],
    [{ user_metadata: { suspended: true } }, ['suspended']],
    [{}, ['toString', '__proto__', 'constructor']],
  ])('does not refuse as restricted %j with the keys %j', (fields, refuseKeys) => {
    expect(decide(fields, {}, { refuseKeys })).toHaveProperty('stays')
    expect(decide({}, fields, { refuseKeys })).toHaveProperty('stays')
  })

  it.each(['github', 'auth0', 'email', 'apple', 'google-oauth2'])(
    'refuses a connection of another strategy that is named %s',
    (connection) => {
      for (const strategy of ['oidc', 'samlp', 'oauth2', 'okta'])
        expect(decide({}, { user_id: `${strategy}|${connection}|1`, connection })).toEqual({
          reason: 'untrusted_connection',
        })
    },
  )

  it('refuses a connection that the operator has blocked', () => {
    expect(decide({}, {}, { blocked: ['db'] })).toEqual({ reason: 'untrusted_connection' })
  })

  it('refuses while either account is restoring metadata', () => {
    const app_metadata = { account_linking_0123456789ab: aReturningSnapshot(NOW - 60), other: null }
    expect(decide({ app_metadata }, {})).toEqual({ reason: 'busy' })
    expect(decide({}, { app_metadata })).toEqual({ reason: 'busy' })
    expect(decide({ app_metadata, blocked: true }, {})).toEqual({ reason: 'blocked' })
  })

  it.each([NOW - 3_600, NOW + 3_600, 8.64e12])('ignores old and future restores: started at %d', (at) => {
    const app_metadata = { account_linking_0123456789ab: aReturningSnapshot(at) }
    expect(decide({ app_metadata }, {})).toEqual({ stays: 'candidate' })
    expect(decide({}, { app_metadata })).toEqual({ stays: 'candidate' })
  })

  it('is not misled by foreign keys, or by a completed restore', () => {
    const { returning, ...given } = aReturningSnapshot(NOW)
    const app_metadata = {
      customer: aReturningSnapshot(NOW),
      account_linking_note: aReturningSnapshot(NOW),
      account_linking_0123456789ab: given,
      account_linking_0123456789ac: null,
      account_linking_0123456789ad: { returning },
    }
    expect(decide({ app_metadata }, {})).toEqual({ stays: 'candidate' })
  })

  it('checks the trust of the first identity, because the email address is its own', () => {
    expect(decide({}, { linked: ['samlp|acme|1'] })).toEqual({ stays: 'candidate' })
  })

  it('refuses a user without identities', () => {
    const candidate = { ...aUser(CANDIDATE), identities: [] }
    expect(decideLink(aUser(CURRENT), candidate, aPolicy(), NOW)).toEqual({ reason: 'untrusted_connection' })
  })

  it.each([
    ['several_identities', { linked: ['github|1'] }, { linked: ['github|2'] }, {}],
    ['both_provisioned', {}, {}, { provisioned: ['auth0', 'google-oauth2'] }],
  ])('returns why neither account can stay: %s', (reason, current, candidate, policy) => {
    expect(decide(current, candidate, policy)).toEqual({ reason })
  })
})
