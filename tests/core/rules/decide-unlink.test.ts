import { describe, expect, it } from 'vitest'
import { decideUnlink } from '@/core'
import { aUser, type UserFields } from '../../support/builders/users'

const ALL = () => true
const decide = (fields: UserFields, userId: string, isUsable: Parameters<typeof decideUnlink>[2] = ALL) =>
  decideUnlink(aUser({ user_id: 'auth0|1', linked: ['github|1', 'apple|1'], ...fields }), userId, isUsable)

describe('decideUnlink', () => {
  it('allows a linked identity', () => {
    expect(decide({}, 'github|1')).toEqual({
      identity: { user_id: 'github|1', provider: 'github', connection: 'github' },
    })
  })

  it.each<[string, UserFields, string]>([
    ['not_linked', {}, 'github|2'],
    ['not_linked', {}, 'github|1/../../roles'],
    ['not_linked', { blocked: true }, ''],
    ['primary_identity', {}, 'auth0|1'],
    ['blocked', { blocked: true }, 'github|1'],
  ])('refuses with %s', (reason, fields, userId) => {
    expect(decide(fields, userId)).toEqual({ reason })
  })

  it.each<[string, string[], string | undefined]>([
    ['no identity is usable', [], 'last_way_in'],
    ['only the unlinked one is usable', ['github|1'], 'last_way_in'],
    ['the first identity remains usable', ['auth0|1'], undefined],
    ['another linked one remains usable', ['apple|1'], undefined],
  ])('decides whether a sign-in method remains, if %s', (_when, usable, reason) => {
    const decision = decide({}, 'github|1', ({ user_id }) => usable.includes(user_id))
    expect(decision.reason).toBe(reason)
  })
})
