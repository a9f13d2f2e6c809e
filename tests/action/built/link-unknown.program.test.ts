import { describe, expect, it } from 'vitest'
import type { FaultRule } from '@/local-tenant/control/records'
import { LINK, LOOKUP, MARGIN, PATCH, READ } from '../../support/action/faults'
import { anActionTenant } from '../../support/action/tenant'

const world = await anActionTenant()
const { state, play, logIn, ask, answerLink, calls, logs, identitiesOf, marksOf } = world

const PASSWORD = 'auth0|ann'
const GOOGLE = 'google-oauth2|ann-g'

/** Completes a login under faults. `calls()` then lists only the calls after the response token. */
async function answered(connection: string, ...faults: FaultRule[]) {
  const waiting = await ask({ connection })
  state.ledger = []
  play(...faults)
  return answerLink(waiting)
}

describe('a link whose outcome is unknown', () => {
  // A read whose rate limit lasts longer than the Action has time.
  const UNREADABLE: FaultRule = { match: READ, effect: { status: 429, headers: { 'retry-after': '20' } } }
  const LOST: FaultRule[] = [{ match: LINK, effect: { drop: 'after' } }, UNREADABLE]

  it('lets the login go on if the current account stays, and the next login settles the link', async () => {
    expect((await answered('password', ...LOST)).claims?.sub).toBe(PASSWORD)
    expect(calls()).toEqual(['lookup', 'patch', 'link', 'read'])
    expect(logs()).toEqual([{ account_linking: 'not_linked', reason: 'outcome_unknown' }])
    expect(marksOf(PASSWORD)).toMatchObject({ last: { result: 'unknown', reason: 'outcome_unknown' } })
    expect((await logIn({ connection: 'password' })).claims?.sub).toBe(PASSWORD)
    expect((await logIn()).claims?.sub).toBe(PASSWORD)
    expect(identitiesOf(PASSWORD)).toEqual([PASSWORD, GOOGLE])
  })

  it('denies the login if the current account would end, and the next sign-in succeeds', async () => {
    expect((await answered('google-oauth2', ...LOST)).denied).toBe('Please sign in once more.')
    expect(calls()).toEqual(['lookup', 'patch', 'link', 'read'])
    expect((await logIn()).claims?.sub).toBe(PASSWORD)
  })

  it('becomes known if a later read succeeds in time', async () => {
    const faults: FaultRule[] = [
      { match: LINK, effect: { drop: 'after' } },
      { match: READ, effect: { status: 500 }, times: 3 },
    ]
    expect((await answered('google-oauth2', ...faults)).claims?.sub).toBe(PASSWORD)
    expect(calls()).toEqual(['lookup', 'patch', 'link', 'read', 'read', 'read', 'read', 'patch'])
  })

  it('denies the login even if nothing was linked, and the next sign-in succeeds', async () => {
    const faults: FaultRule[] = [{ match: LINK, effect: { drop: 'before' } }, UNREADABLE]
    expect((await answered('google-oauth2', ...faults)).denied).toBe('Please sign in once more.')
    expect((await ask()).claims.sub).toBe(GOOGLE)
  })
})

describe('a login with slow API responses', () => {
  it('ends within 15 s if the link call hangs', async () => {
    const end = await answered('google-oauth2', { match: LINK, effect: { delay_ms: 25_000 } })
    expect(end.claims?.sub).toBe(GOOGLE)
    expect(end.took).toBeLessThan(15_000 + MARGIN)
    expect(identitiesOf(GOOGLE)).toEqual([GOOGLE])
    expect(logs()).toEqual([{ account_linking: 'not_linked', reason: 'management_failed' }])
  })

  it('ends within 15 s if every call is slow and the last ones hang', {
    timeout: 40_000,
  }, async () => {
    const slow = { delay_ms: 1_800 }
    const { claims, took } = await answered(
      'password',
      { match: LOOKUP, effect: slow },
      { match: PATCH, effect: slow },
      { match: LINK, effect: { delay_ms: 25_000 } },
      { match: READ, effect: { delay_ms: 25_000 } },
    )
    expect(claims?.sub).toBe(PASSWORD)
    expect(took).toBeLessThan(15_000 + MARGIN)
    expect(marksOf(PASSWORD)).toMatchObject({ last: { result: 'unknown' } })
  })

  it('links if every response takes a second', async () => {
    const end = await answered('google-oauth2', { match: { path: '^/api/v2/' }, effect: { delay_ms: 1_000 } })
    expect(end.claims?.sub).toBe(PASSWORD)
    expect(identitiesOf(PASSWORD)).toEqual([PASSWORD, GOOGLE])
  })
})
