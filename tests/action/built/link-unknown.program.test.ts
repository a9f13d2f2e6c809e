import { describe, expect, it } from 'vitest'
import type { FaultRule } from '@/local-tenant/control/records'
import { LINK, LOOKUP, MARGIN, PATCH, READ } from '../../support/action/faults'
import { anActionTenant } from '../../support/action/tenant'

const world = await anActionTenant()
const { state, play, logIn, ask, answerLink, calls, logs, identitiesOf, marksOf } = world

const PASSWORD = 'auth0|ann'
const GOOGLE = 'google-oauth2|ann-g'

/** Answers a login under faults; what is called then begins with the answer. */
async function answered(connection: string, ...faults: FaultRule[]) {
  const waiting = await ask({ connection })
  state.ledger = []
  play(...faults)
  return answerLink(waiting)
}

describe('an unknown outcome', () => {
  // A read that is to wait for longer than there is time.
  const UNREADABLE: FaultRule = { match: READ, effect: { status: 429, headers: { 'retry-after': '20' } } }
  const LOST: FaultRule[] = [{ match: LINK, effect: { drop: 'after' } }, UNREADABLE]

  it('goes on if the current account was to stay, and is settled at the next login', async () => {
    expect((await answered('password', ...LOST)).claims?.sub).toBe(PASSWORD)
    expect(calls()).toEqual(['lookup', 'patch', 'link', 'read'])
    expect(logs()).toEqual([{ account_linking: 'not_linked', reason: 'outcome_unknown' }])
    expect(marksOf(PASSWORD)).toMatchObject({ last: { result: 'unknown', reason: 'outcome_unknown' } })
    expect((await logIn({ connection: 'password' })).claims?.sub).toBe(PASSWORD)
    expect((await logIn()).claims?.sub).toBe(PASSWORD)
    expect(identitiesOf(PASSWORD)).toEqual([PASSWORD, GOOGLE])
  })

  it('asks to sign in once more if the current account was to end, and that works', async () => {
    expect((await answered('google-oauth2', ...LOST)).denied).toBe('Please sign in once more.')
    expect(calls()).toEqual(['lookup', 'patch', 'link', 'read'])
    expect((await logIn()).claims?.sub).toBe(PASSWORD)
  })

  it('is known after all if a read in time tells', async () => {
    const faults: FaultRule[] = [
      { match: LINK, effect: { drop: 'after' } },
      { match: READ, effect: { status: 500 }, times: 3 },
    ]
    expect((await answered('google-oauth2', ...faults)).claims?.sub).toBe(PASSWORD)
    expect(calls()).toEqual(['lookup', 'patch', 'link', 'read', 'read', 'read', 'read', 'patch'])
  })

  it('asks to sign in once more if nothing was done, and that works', async () => {
    const faults: FaultRule[] = [{ match: LINK, effect: { drop: 'before' } }, UNREADABLE]
    expect((await answered('google-oauth2', ...faults)).denied).toBe('Please sign in once more.')
    expect((await ask()).claims.sub).toBe(GOOGLE)
  })
})

describe('slow answers', () => {
  it('ends within 15 s when the link call hangs', async () => {
    const end = await answered('google-oauth2', { match: LINK, effect: { delay_ms: 25_000 } })
    expect(end.claims?.sub).toBe(GOOGLE)
    expect(end.took).toBeLessThan(15_000 + MARGIN)
    expect(identitiesOf(GOOGLE)).toEqual([GOOGLE])
    expect(logs()).toEqual([{ account_linking: 'not_linked', reason: 'management_failed' }])
  })

  it('ends within 15 s when everything is slow and nothing answers at the end', {
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

  it('links when every answer takes a second', async () => {
    const end = await answered('google-oauth2', { match: { path: '^/api/v2/' }, effect: { delay_ms: 1_000 } })
    expect(end.claims?.sub).toBe(PASSWORD)
    expect(identitiesOf(PASSWORD)).toEqual([PASSWORD, GOOGLE])
  })
})
