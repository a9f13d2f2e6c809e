import { beforeEach, describe, expect, it } from 'vitest'
import { anActionTenant } from '../../support/action/tenant'

const { state, ask, answer, answerLink, logIn, play } = await anActionTenant()

const PASSWORD = 'auth0|ann'
const GOOGLE = 'google-oauth2|ann-g'
const LEAST = ['read:users', 'update:users', 'update:users_app_metadata']
const sessionsOf = (userId: string) =>
  [...state.sessions.values()].filter(({ user_id }) => user_id === userId)
const ending = () =>
  state.ledger
    .filter(({ path }) => /sessions|refresh-tokens/.test(path))
    .map(({ method, path, status }) =>
      [method, decodeURIComponent(path).replace('/api/v2', ''), status].join(' '),
    )

/** Opens sessions on other devices for both of Ann's accounts, a minute before the login that links them. */
async function openElsewhere(...scopes: string[]) {
  state.reset()
  state.changeOptions({ management_scopes: { 'linking-m2m': scopes }, ending_delay_ms: 0 })
  state.clockOffset = -60
  await logIn({ connection: 'password' })
  await logIn()
  state.clockOffset = 0
  expect(sessionsOf(PASSWORD).concat(sessionsOf(GOOGLE))).toHaveLength(2)
}
beforeEach(() => openElsewhere(...LEAST, 'read:sessions', 'delete:sessions', 'delete:refresh_tokens'))

describe('after a link', () => {
  it.each(['google-oauth2', 'password'])(
    'the sessions of both accounts end, except the one of this login with %s',
    async (connection) => {
      const { claims } = await answerLink(await ask({ connection }))
      expect(claims?.sub).toBe(PASSWORD)
      const left = [...state.sessions.values()]
      expect(left.map(({ user_id }) => user_id)).toEqual([PASSWORD])
      expect(left[0]?.id).toBe(claims?.sid)
    },
  )

  it('the refresh tokens of both accounts are revoked', async () => {
    await answerLink(await ask())
    expect(ending()).toEqual(
      expect.arrayContaining([
        expect.stringMatching(`^DELETE /users/${GOOGLE.replace('|', '\\|')}/refresh-tokens 20`),
        expect.stringMatching(`^DELETE /users/${PASSWORD.replace('|', '\\|')}/refresh-tokens 20`),
      ]),
    )
  })

  it('nothing ends if the scopes were not granted, and the link remains', async () => {
    await openElsewhere(...LEAST)
    const { claims } = await answerLink(await ask())
    expect(claims?.sub).toBe(PASSWORD)
    expect(state.sessions.size).toBe(3)
    expect(ending().every((call) => call.endsWith('403'))).toBe(true)
  })

  it('a failure to end them affects neither link nor login, and no deletion is retried', async () => {
    const waiting = await ask()
    play({ match: { path: '/(sessions|refresh-tokens)' }, effect: { status: 503 } })
    expect((await answerLink(waiting)).claims?.sub).toBe(PASSWORD)
    expect(ending().filter((call) => call.startsWith('DELETE'))).toHaveLength(2)
  })
})

it('no session ends if nothing was linked', async () => {
  await answer(await ask(), { result: 'declined' })
  expect(ending()).toEqual([])
  expect(state.sessions.size).toBe(3)
})
