import { describe, expect, it } from 'vitest'
import { type Metadata, snapshotKeyOf, withoutAttempt } from '@/core'
import { aUser } from '../../support/builders/users'

const SECONDARY = 'github|7'

/** An account with what an interrupted attempt to link GitHub 7 wrote: a snapshot, and the fields that it carried over. */
async function attempted(more: { user_metadata?: Metadata; app_metadata?: Metadata } = {}) {
  const snapshot = {
    ...{ v: 2, at: 1_800_000_000, user_id: SECONDARY, proof: { way: 'login', client_id: 'x' } },
    kept: { user_metadata: { theme: 'dark', size: 1 }, app_metadata: { plan: 'pro' } },
    carried: { user_metadata: ['theme', 'size'], app_metadata: ['plan'] },
  }
  return aUser({
    user_id: 'auth0|ann',
    user_metadata: { theme: 'dark', size: 1, own: 'a', ...more.user_metadata },
    app_metadata: { plan: 'pro', seats: 5, [await snapshotKeyOf(SECONDARY)]: snapshot, ...more.app_metadata },
  })
}

describe('withoutAttempt', () => {
  it('removes the snapshot and the fields that the attempt carried over, and nothing else', async () => {
    const primary = await attempted()
    expect(await withoutAttempt(primary, SECONDARY)).toEqual({
      ...primary,
      user_metadata: { own: 'a' },
      app_metadata: { seats: 5 },
    })
  })

  it('keeps a carried-over field that has changed since', async () => {
    const primary = await attempted({ user_metadata: { theme: 'light' }, app_metadata: { plan: 'free' } })
    const { user_metadata, app_metadata } = await withoutAttempt(primary, SECONDARY)
    expect([user_metadata, app_metadata]).toEqual([
      { theme: 'light', own: 'a' },
      { plan: 'free', seats: 5 },
    ])
  })

  it('returns the account as it is if there was no attempt, or one with another account', async () => {
    const untouched = aUser({ user_id: 'auth0|ann', user_metadata: { theme: 'dark' } })
    expect(await withoutAttempt(untouched, SECONDARY)).toBe(untouched)
    const primary = await attempted()
    expect(await withoutAttempt(primary, 'github|8')).toBe(primary)
  })
})
