import { describe, expect, it } from 'vitest'
import * as checks from '@/core/rules/checks'
import { aPolicy, aUser, type UserFields } from '../../support/builders/users'

const TERMS = { policy: { ...aPolicy({ refuseKeys: ['hold'] }), sameEmail: true }, now: 1_800_000_000 }
const ENDING = { account_linking: { ending: { before: 1, accounts: ['auth0|1'] } } }
const GIVING_BACK = {
  account_linking_0123456789ab: {
    ...{ at: 1, user_id: 'auth0|9', proof: { way: 'login', client_id: 'x' } },
    returning: { at: TERMS.now, undo: true },
  },
}

describe('findRefusal', () => {
  const either: checks.LinkCheck = { reason: 'blocked', ofEither: (user) => user.email === 'a@example.com' }
  const pair: checks.LinkCheck = { reason: 'busy', ofPair: (current) => current.email === 'a@example.com' }
  const [a, b] = [aUser({ email: 'a@example.com' }), aUser({ email: 'b@example.com' })]

  it('returns the first reason, in the order of the list', () => {
    expect(checks.findRefusal([either, pair], a, b, {})).toBe('blocked')
    expect(checks.findRefusal([pair, either], a, b, {})).toBe('busy')
  })

  it('checks each account, and the pair in its order', () => {
    expect(checks.findRefusal([either, pair], b, a, {})).toBe('blocked')
    expect(checks.findRefusal([pair], b, a, {})).toBeUndefined()
    expect(checks.findRefusal([either, pair], b, b, {})).toBeUndefined()
  })
})

describe('each check', () => {
  it.each<[string, checks.LinkCheck<typeof TERMS>, string, UserFields]>([
    ['sameAccount', checks.sameAccount, 'same_account', { user_id: 'github|1' }],
    ['blocked', checks.blocked, 'blocked', { blocked: true }],
    ['restricted', checks.restricted, 'restricted', { app_metadata: { hold: false } }],
    ['unverified', checks.unverified, 'unverified', { email_verified: false }],
    ['unconfirmed', checks.unconfirmed, 'unverified', { email_verified: false }],
    ['emailMismatch', checks.emailMismatch, 'email_mismatch', { email: 'other@example.com' }],
    [
      'forbiddenEmailMismatch',
      checks.forbiddenEmailMismatch,
      'email_mismatch',
      { email: 'other@example.com' },
    ],
    ['untrustedConnection', checks.untrustedConnection, 'untrusted_connection', { user_id: 'facebook|1' }],
    ['givingBack', checks.givingBack, 'busy', { app_metadata: GIVING_BACK }],
    ['endingSessions', checks.endingSessions, 'busy', { app_metadata: ENDING }],
  ])('%s refuses accounts for its own reason only', (_name, each, reason, fields) => {
    const check = [each]
    const [one, other] = [aUser({ user_id: 'github|1' }), aUser({ user_id: 'auth0|1', ...fields })]
    expect(checks.findRefusal(check, one, other, TERMS)).toBe(reason)
    expect(checks.findRefusal(check, other, one, TERMS)).toBe(reason)
    expect(checks.findRefusal(check, one, aUser({ user_id: 'auth0|1' }), TERMS)).toBeUndefined()
  })

  it('rightsUnread refuses accounts if rights were not read for which the operator configured a rule', () => {
    const terms = { policy: { ...TERMS.policy, roles: 'carry' as const } }
    const [read, unread] = [aUser({ rights: { roles: {} } }), aUser({ user_id: 'auth0|1', rights: {} })]
    expect(checks.findRefusal([checks.rightsUnread], read, unread, terms)).toBe('rights_unread')
    expect(checks.findRefusal([checks.rightsUnread], unread, read, terms)).toBe('rights_unread')
    expect(checks.findRefusal([checks.rightsUnread], read, read, terms)).toBeUndefined()
    expect(checks.findRefusal([checks.rightsUnread], unread, unread, TERMS)).toBeUndefined()
  })

  it('the check of blocked connections is for the other account only, and for all of its identities', () => {
    const terms = { policy: { ...TERMS.policy, blocked: ['apple'] } }
    const [github, both] = [
      aUser({ user_id: 'github|1' }),
      aUser({ user_id: 'auth0|1', linked: ['apple|1'] }),
    ]
    expect(checks.findRefusal([checks.blockedConnection], github, both, terms)).toBe('untrusted_connection')
    expect(checks.findRefusal([checks.blockedConnection], both, github, terms)).toBeUndefined()
  })

  it('emailMismatch allows different addresses when connecting, if the operator allows that', () => {
    const terms = { policy: { ...TERMS.policy, sameEmail: false } }
    const other = aUser({ user_id: 'auth0|1', email: 'other@example.com' })
    expect(checks.findRefusal([checks.forbiddenEmailMismatch], aUser({}), other, terms)).toBeUndefined()
  })
})

describe('ACCOUNT_CHECKS', () => {
  it('are in this order', () => {
    expect(Object.values(checks.ACCOUNT_CHECKS)).toEqual([
      checks.unverified,
      checks.untrustedConnection,
      checks.restricted,
    ])
  })
})
