import { describe, expect, it } from 'vitest'
import { type Decline, type Snapshot, snapshotKeyOf } from '@/core'
import { anActionTenant } from '../../support/action/tenant'

const world = await anActionTenant()
const { state, configure, logIn, ask, answer, answerLink } = world
const { calls, logs, userOf, identitiesOf, marksOf } = world

const PASSWORD = 'auth0|ann'
const GOOGLE = 'google-oauth2|ann-g'
const now = () => Math.floor(Date.now() / 1000)
const snapshotOf = async (primaryId: string, secondaryId: string) =>
  userOf(primaryId).app_metadata[await snapshotKeyOf(secondaryId)] as Snapshot | undefined
const declinesOf = (userId: string): Decline[] =>
  Object.values((marksOf(userId) as { declined: Record<string, Decline> }).declined)
/** A login that waits for its response token. Clears the ledger, so that it lists only later calls. */
async function asked(login = {}) {
  const waiting = await ask(login)
  expect(calls()).toEqual(['token', 'lookup'])
  state.ledger = []
  return waiting
}

describe('a link', () => {
  it('keeps the older account as primary, with three API calls and one that records the ended sessions', async () => {
    const end = await answerLink(await asked())
    expect(end.claims?.sub).toBe(PASSWORD)
    expect(calls()).toEqual(['lookup', 'patch', 'link', 'patch'])
    expect(identitiesOf(PASSWORD)).toEqual([PASSWORD, GOOGLE])
    expect(state.users.has(GOOGLE)).toBe(false)
  })

  it('keeps the current account as primary if it is the older one', async () => {
    const end = await answerLink(await asked({ connection: 'password' }))
    expect(end.claims?.sub).toBe(PASSWORD)
    expect(calls()).toEqual(['lookup', 'patch', 'link', 'patch'])
    expect(identitiesOf(PASSWORD)).toEqual([PASSWORD, GOOGLE])
  })

  // Some tenants check a switch of the user immediately. Before the link, the primary account does not hold this identity.
  it('switches the login only after the link is made', async () => {
    state.changeOptions({ answers: { switch_checked: 'call' } })
    expect((await answerLink(await asked())).claims?.sub).toBe(PASSWORD)
  })

  it('does not depend on how the tenant treats a switch and `app_metadata` in one login', async () => {
    state.changeOptions({ answers: { app_metadata_with_switch: 'lost', validate_token_iss: true } })
    expect((await answerLink(await asked())).claims?.sub).toBe(PASSWORD)
    expect(await snapshotOf(PASSWORD, GOOGLE)).toBeDefined()
  })

  it('copies missing metadata, replaces nothing, and keeps all of it in the snapshot', async () => {
    await answerLink(await asked())
    const { user_metadata, app_metadata } = userOf(PASSWORD)
    expect(user_metadata).toEqual({ theme: 'dark', language: 'en', newsletter: true })
    expect(app_metadata).toMatchObject({ plan: 'team', customer_number: 'C-1001' })
    expect(await snapshotOf(PASSWORD, GOOGLE)).toEqual({
      v: 2,
      at: expect.closeTo(now(), -1),
      user_id: GOOGLE,
      own: expect.stringMatching(/^[0-9a-f]{12}$/),
      proof: { way: 'login', client_id: 'demo-app', client_name: 'Demo App' },
      kept: {
        user_metadata: { theme: 'light', newsletter: true },
        app_metadata: { plan: 'free', trial: { started: '2025-02-01' } },
      },
      carried: { user_metadata: ['newsletter'], app_metadata: [] },
    })
    expect(Object.keys(app_metadata)).toHaveLength(4)
  })

  it('carries over the metadata that the operator configured', async () => {
    configure({ ACCOUNT_LINKING_USER_METADATA: 'none', ACCOUNT_LINKING_APP_METADATA_KEYS: 'plan,trial' })
    await answerLink(await asked())
    expect(userOf(PASSWORD).user_metadata).toEqual({ theme: 'dark', language: 'en' })
    expect(userOf(PASSWORD).app_metadata).toMatchObject({ plan: 'team', trial: { started: '2025-02-01' } })
    expect(await snapshotOf(PASSWORD, GOOGLE)).toMatchObject({
      kept: {
        user_metadata: { theme: 'light', newsletter: true },
        app_metadata: { plan: 'free', trial: { started: '2025-02-01' } },
      },
      carried: { user_metadata: [], app_metadata: ['trial'] },
    })
  })

  it('leaves a profile below 9,000 bytes', async () => {
    await answerLink(await asked())
    expect(Buffer.byteLength(JSON.stringify(userOf(PASSWORD)))).toBeLessThan(9_000)
  })

  it('causes one lookup at the next login', async () => {
    await answerLink(await asked())
    state.ledger = []
    expect((await logIn()).claims?.sub).toBe(PASSWORD)
    expect((await logIn({ connection: 'password' })).claims?.sub).toBe(PASSWORD)
    expect(calls()).toEqual(['lookup'])
  })

  it('leaves a third account to be offered at the next login', async () => {
    const end = await answerLink(await asked({ email: 'bea@example.com' }))
    expect(end.claims?.sub).toBe('auth0|bea')
    const next = await ask({ email: 'bea@example.com', connection: 'password' })
    expect(next.claims.candidate_identities).toMatchObject([{ user_id: 'github|bea-h', stays: 'current' }])
    await answerLink(next)
    expect(identitiesOf('auth0|bea')).toEqual(['auth0|bea', 'google-oauth2|bea-g', 'github|bea-h'])
    expect(await snapshotOf('auth0|bea', 'google-oauth2|bea-g')).toBeDefined()
    expect((await snapshotOf('auth0|bea', 'github|bea-h'))?.carried?.user_metadata).toEqual(['editor'])
    expect(userOf('auth0|bea').user_metadata).toEqual({ language: 'de', newsletter: false, editor: 'vim' })
  })

  it('accepts ids with several bars', async () => {
    configure({ ACCOUNT_LINKING_TRUSTED_CONNECTIONS: 'auth0,samlp' })
    const SAML = 'samlp|acme-saml|gil|grant@acme.example'
    for (const login of [{ connection: 'acme-saml' }, { connection: 'password' }]) {
      state.reset()
      const end = await answerLink(await ask({ email: 'gil@example.com', ...login }))
      expect(end.claims?.sub).toBe('auth0|gil')
      expect(identitiesOf('auth0|gil')).toEqual(['auth0|gil', SAML])
      expect(state.ledger.find(({ effect }) => effect === 'link')?.body).toEqual({
        provider: 'samlp',
        user_id: 'acme-saml|gil|grant@acme.example',
      })
    }
  })

  it('looks up both spellings of an address with capitals', async () => {
    const end = await answerLink(await ask({ email: 'Eve@Example.com' }))
    expect(end.claims?.sub).toBe('auth0|eve')
    expect(calls().slice(-5)).toEqual(['lookup', 'lookup', 'patch', 'link', 'patch'])
  })

  it('accepts a repeated response token once', async () => {
    state.changeOptions({ answers: { continue_twice: 'repeat' } })
    const waiting = await asked({ connection: 'password' })
    expect((await answerLink(waiting)).claims?.sub).toBe(PASSWORD)
    expect((await answerLink(waiting)).claims?.sub).toBe(PASSWORD)
    expect(calls().filter((call) => call === 'link')).toHaveLength(1)
  })

  it('is not made by a response token for a login that has already continued', async () => {
    const waiting = await asked()
    expect((await answer(waiting, { result: 'skipped' })).claims?.sub).toBe(GOOGLE)
    expect((await answerLink(waiting)).denied).toContain('resumed before')
    expect(calls()).toEqual([])
  })

  it('succeeds if another program has made it in the meantime', async () => {
    const waiting = await asked({ connection: 'password' })
    await answerLink(await ask({ connection: 'password' }))
    state.ledger = []
    expect((await answerLink(waiting)).claims?.sub).toBe(PASSWORD)
    expect(calls()).toEqual(['lookup'])
  })
})

describe('a response token without a link', () => {
  it.each(['failed', 'skipped'])('%s: the login goes on and nothing is stored', async (result) => {
    expect((await answer(await asked(), { result })).claims?.sub).toBe(GOOGLE)
    expect(calls()).toEqual([])
    expect(marksOf(GOOGLE)).toEqual({})
    expect((await logIn()).asked).toBeDefined()
  })

  it('declined: the pair is not offered for 30 days, and one lookup is made in that time', async () => {
    expect((await answer(await asked(), { result: 'declined' })).claims?.sub).toBe(GOOGLE)
    expect(declinesOf(GOOGLE)).toEqual([
      { until: expect.closeTo(now() + 30 * 86_400, -1), at: expect.closeTo(now(), -1), client: 'Demo App' },
    ])
    for (let login = 0; login < 3; login += 1) expect((await logIn()).claims?.sub).toBe(GOOGLE)
    expect(calls()).toEqual(['lookup'])
    expect(marksOf(GOOGLE)).toMatchObject({ looked: { until: declinesOf(GOOGLE)[0]?.until } })
    expect(logs()).toEqual([{ account_linking: 'declined' }])
  })

  it('declined forever: the pair is never offered, but a lookup is made again after 90 days', async () => {
    await answer(await asked(), { result: 'declined', never: true })
    expect(declinesOf(GOOGLE)).toMatchObject([{ until: Number.MAX_SAFE_INTEGER }])
    expect((await logIn()).claims?.sub).toBe(GOOGLE)
    const { looked } = marksOf(GOOGLE) as { looked: { until: number } }
    expect(looked.until).toEqual(expect.closeTo(now() + 90 * 86_400, -1))
    looked.until = now() - 1
    expect((await logIn()).claims?.sub).toBe(GOOGLE)
    expect(calls()).toEqual(['lookup', 'lookup'])
  })

  it('declined: offered again at once if the operator set 0 days', async () => {
    configure({ ACCOUNT_LINKING_DECLINE_DAYS: '0' })
    await answer(await asked(), { result: 'declined' })
    expect((await logIn()).asked).toBeDefined()
  })

  it('declined by the other account: not offered to this one until the decline expires', async () => {
    await answer(await ask({ connection: 'password' }), { result: 'declined' })
    const [decline] = declinesOf(PASSWORD)
    expect((await logIn()).claims?.sub).toBe(GOOGLE)
    expect(marksOf(GOOGLE)).toMatchObject({ looked: { until: decline?.until } })
  })

  it('declined: a new third account is offered both at its own login', async () => {
    await answer(await asked({ connection: 'password' }), { result: 'declined' })
    state.createUser({
      user_id: 'github|9',
      email: 'ann@example.com',
      email_verified: true,
      name: 'Ann Archer',
    })
    const { claims } = await ask({ connection: 'github' })
    expect(claims.candidate_identities).toHaveLength(2)
  })
})
