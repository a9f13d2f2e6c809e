import { describe, expect, it } from 'vitest'
import type { FaultRule } from '@/local-tenant/control/records'
import { linkUser } from '@/local-tenant/management/link-users'
import { LINK, PATCH } from '../../support/action/faults'
import { anActionTenant } from '../../support/action/tenant'

const { state, play, ask, answerLink, calls, logs, userOf, identitiesOf } = await anActionTenant()

const PASSWORD = 'auth0|ann'
const GOOGLE = 'google-oauth2|ann-g'
const GOOGLE_IDENTITY = { provider: 'google-oauth2', user_id: 'ann-g' }

describe.each([
  ['stays', 'password'],
  ['ends', 'google-oauth2'],
])('a login whose account %s', (_side, connection) => {
  it('succeeds if another login links the pair between this login’s read and its write', async () => {
    const waiting = await ask({ connection })
    play({ match: PATCH, effect: { delay_ms: 200 } })
    const end = answerLink(waiting)
    await expect.poll(calls).toContain('patch')
    linkUser(state, userOf(PASSWORD), GOOGLE_IDENTITY)
    expect((await end).claims?.sub).toBe(PASSWORD)
    expect(identitiesOf(PASSWORD)).toEqual([PASSWORD, GOOGLE])
  })

  it('succeeds if another login links the pair right before this login’s link call', async () => {
    const waiting = await ask({ connection })
    play({ match: LINK, effect: { delay_ms: 200 } })
    const end = answerLink(waiting)
    await expect.poll(calls).toContain('link')
    linkUser(state, userOf(PASSWORD), GOOGLE_IDENTITY)
    expect((await end).claims?.sub).toBe(PASSWORD)
    expect(identitiesOf(PASSWORD)).toEqual([PASSWORD, GOOGLE])
  })
})

describe('two logins that link the same pair at the same time', () => {
  it.each<[string, FaultRule[]]>([
    ['at the same moment', []],
    ['one a little later', [{ match: PATCH, effect: { delay_ms: 50 }, times: 1 }]],
    ['one much later', [{ match: PATCH, effect: { delay_ms: 200 }, times: 1 }]],
    ['both with a slow link call', [{ match: LINK, effect: { delay_ms: 100 } }]],
    ['one with a slow link call', [{ match: LINK, effect: { delay_ms: 200 }, times: 1 }]],
  ])('make one link, and both continue as the primary account: %s', async (_how, faults) => {
    for (const order of [
      ['password', 'google-oauth2'],
      ['google-oauth2', 'password'],
    ]) {
      state.reset()
      const waiting = await Promise.all(order.map((connection) => ask({ connection })))
      play(...faults)
      const ends = await Promise.all(waiting.map((asked) => answerLink(asked)))
      expect(ends.map(({ claims }) => claims?.sub)).toEqual([PASSWORD, PASSWORD])
      expect(identitiesOf(PASSWORD)).toEqual([PASSWORD, GOOGLE])
      expect(state.ledger.filter(({ effect }) => effect === 'link')).toHaveLength(1)
    }
  })
})

describe('an account that is linked elsewhere or deleted during the link call', () => {
  it('stays linked to the other account', async () => {
    const waiting = await ask({ connection: 'password' })
    play({ match: LINK, effect: { delay_ms: 200 } })
    const end = answerLink(waiting)
    await expect.poll(calls).toContain('link')
    linkUser(state, userOf('auth0|dee'), GOOGLE_IDENTITY)
    expect((await end).claims?.sub).toBe(PASSWORD)
    expect(identitiesOf('auth0|dee')).toEqual(['auth0|dee', GOOGLE])
    expect(identitiesOf(PASSWORD)).toEqual([PASSWORD])
    expect(logs()).toEqual([{ account_linking: 'not_linked', reason: 'link_refused' }])
  })

  it('lets the login through if it was deleted', async () => {
    const waiting = await ask({ connection: 'password' })
    play({ match: LINK, effect: { delay_ms: 200 } })
    const end = answerLink(waiting)
    await expect.poll(calls).toContain('link')
    state.users.delete(GOOGLE)
    expect((await end).claims?.sub).toBe(PASSWORD)
    expect(logs()).toEqual([{ account_linking: 'not_linked', reason: 'link_refused' }])
  })
})
