import * as client from 'openid-client'
import { beforeEach, describe, expect, it } from 'vitest'
import { playActions, SEND_WITH_TOKEN, scriptAction, TAKE_ANSWER } from '../support/action/play-actions'
import { TestBrowser } from '../support/browser/browser'
import { administer } from '../support/tenant/management'
import { complete, open, signInByPassword, startLogin } from '../support/tenant/sign-in'
import { answerToken, resume, suspend } from '../support/tenant/suspended-login'
import { aTenant } from '../support/tenant/tenant'

const tenant = await aTenant()
const { state } = tenant

beforeEach(() => {
  state.reset()
  state.changeOptions({ ending_delay_ms: 0 })
  playActions(tenant, [])
})

const GOOGLE = '/users/google-oauth2%7Cann-g'
const end = (path: string) => administer(tenant, 'delete:sessions delete:refresh_tokens', 'DELETE', path)

/** Signs Ann in, silently if her browser has a session. Returns the last page, and the claims if she was signed in. */
async function visitAgain(browser: TestBrowser) {
  const login = await startLogin(tenant)
  const visit = await open(browser, login)
  const isSilent = visit.url.href.startsWith(login.redirectUri)
  return { page: visit.url.pathname, claims: isSilent ? (await complete(login, visit)).claims() : undefined }
}

describe('a session', () => {
  it('is the session that the ID token names, with the applications and methods of its logins', async () => {
    const browser = new TestBrowser()
    const login = await startLogin(tenant)
    const tokens = await complete(login, await signInByPassword(browser, login, 'ann@example.com'))
    const { body } = await administer(tenant, 'read:sessions', 'GET', `/sessions/${tokens.claims()?.sid}`)
    expect(body).toMatchObject({
      user_id: 'auth0|ann',
      clients: [{ client_id: 'demo-app' }],
      authentication: { methods: [{ name: 'pwd' }] },
    })
    expect(Date.parse(body.authenticated_at)).toBe((tokens.claims()?.auth_time as number) * 1000)
  })

  it.each([
    ['by its id', (sid: string) => `/sessions/${sid}`],
    ['with all sessions of its user', () => '/users/auth0%7Cann/sessions'],
  ])('no longer signs its user in after it was deleted %s', async (_how, path) => {
    const browser = new TestBrowser()
    const other = new TestBrowser()
    const login = await startLogin(tenant)
    const tokens = await complete(login, await signInByPassword(browser, login, 'ann@example.com'))
    await signInByPassword(other, await startLogin(tenant), 'bea@example.com')
    expect((await visitAgain(browser)).claims?.sub).toBe('auth0|ann')

    await end(path(String(tokens.claims()?.sid)))
    expect(await visitAgain(browser)).toMatchObject({ page: '/u/login', claims: undefined })
    expect((await visitAgain(other)).claims?.sub).toBe('auth0|bea')

    await signInByPassword(browser, await startLogin(tenant), 'ann@example.com')
    const again = (await visitAgain(browser)).claims
    expect(again?.sub).toBe('auth0|ann')
    expect(again?.sid).not.toBe(tokens.claims()?.sid)
  })

  it('works again after its user was linked and unlinked, unless it was deleted', async () => {
    const link = () =>
      administer(tenant, 'update:users', 'POST', '/users/auth0%7Cann/identities', {
        provider: 'google-oauth2',
        user_id: 'ann-g',
      })
    const unlink = () =>
      administer(tenant, 'update:users', 'DELETE', '/users/auth0%7Cann/identities/google-oauth2/ann-g')
    const browser = new TestBrowser()
    const login = await startLogin(tenant, { parameters: { connection: 'google-oauth2' } })
    await browser.press(await open(browser, login), 'ann@example.com', {}, { stopAt: login.redirectUri })

    await link()
    expect((await visitAgain(browser)).page).toBe('/u/login')
    await unlink()
    expect((await visitAgain(browser)).claims?.sub).toBe('google-oauth2|ann-g')

    await link()
    expect((await end(`${GOOGLE}/sessions`)).status).toBe(202)
    await unlink()
    expect((await visitAgain(browser)).page).toBe('/u/login')
  })

  it.each([
    ['last', undefined],
    ['first', undefined],
    ['last', 'bea@example.com'],
    ['first', 'bea@example.com'],
  ] as const)(
    'that was deleted while its login was suspended stays deleted: sso_after_nested %s, nested login of %s',
    async (answer, nested) => {
      state.changeOptions({ answers: { sso_after_nested: answer } })
      scriptAction(tenant, SEND_WITH_TOKEN, TAKE_ANSWER)
      const browser = new TestBrowser()
      const suspended = await suspend(tenant, browser)
      const [session] = [...state.sessions.values()]
      playActions(tenant, [])
      if (nested) {
        await signInByPassword(browser, await startLogin(tenant, { parameters: { prompt: 'login' } }), nested)
      }
      await end(`/sessions/${session?.id}`)

      scriptAction(tenant, SEND_WITH_TOKEN, TAKE_ANSWER)
      const token = await answerToken(tenant, suspended, {})
      const visit = await resume(tenant, browser, suspended, token)
      expect((await complete(suspended.login, visit)).claims()?.sub).toBe('google-oauth2|ann-g')

      playActions(tenant, [])
      const after = await visitAgain(browser)
      expect(after.claims?.sub).toBe(nested && 'auth0|bea')
    },
  )
})

describe('a refresh token', () => {
  async function tokensOf(connection: string, email: string) {
    const browser = new TestBrowser()
    const login = await startLogin(tenant, { parameters: { scope: 'openid offline_access', connection } })
    const visit =
      connection === 'google-oauth2'
        ? await browser.press(await open(browser, login), email, {}, { stopAt: login.redirectUri })
        : await signInByPassword(browser, login, email)
    return { configuration: login.configuration, tokens: await complete(login, visit) }
  }

  it('is listed with its session and application, and refused after it was deleted', async () => {
    const { configuration, tokens } = await tokensOf('Username-Password-Authentication', 'ann@example.com')
    const { body } = await administer(
      tenant,
      'read:refresh_tokens',
      'GET',
      '/users/auth0%7Cann/refresh-tokens',
    )
    expect(body.tokens).toMatchObject([{ client_id: 'demo-app', session_id: tokens.claims()?.sid }])
    expect(JSON.stringify(body)).not.toContain(tokens.refresh_token)

    await client.refreshTokenGrant(configuration, tokens.refresh_token ?? '')
    expect((await end('/users/auth0%7Cann/refresh-tokens')).status).toBe(202)
    await expect(client.refreshTokenGrant(configuration, tokens.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
      status: 403,
    })
  })

  it('stays valid after its session has ended', async () => {
    const { configuration, tokens } = await tokensOf('Username-Password-Authentication', 'ann@example.com')
    await end('/users/auth0%7Cann/sessions')
    const refreshed = await client.refreshTokenGrant(configuration, tokens.refresh_token ?? '')
    expect(refreshed.claims()?.sub).toBe('auth0|ann')
  })

  it('of a linked user is ended for good under the old user id', async () => {
    const { configuration, tokens } = await tokensOf('google-oauth2', 'ann@example.com')
    const identities = '/users/auth0%7Cann/identities'
    await administer(tenant, 'update:users', 'POST', identities, {
      provider: 'google-oauth2',
      user_id: 'ann-g',
    })
    expect((await end(`${GOOGLE}/refresh-tokens`)).status).toBe(202)
    await administer(tenant, 'update:users', 'DELETE', `${identities}/google-oauth2/ann-g`)
    await expect(client.refreshTokenGrant(configuration, tokens.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    })
  })
})

describe('ending_delay_ms', () => {
  const DELAY = 400
  const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
  beforeEach(() => state.changeOptions({ ending_delay_ms: DELAY }))

  it('is 1.5 seconds by default', () => {
    state.reset()
    expect(state.options.ending_delay_ms).toBe(1_500)
  })

  it.each([
    ['a session', (sid: string) => `/sessions/${sid}`],
    ['all sessions of a user', () => '/users/auth0%7Cann/sessions'],
  ])(
    'ends %s so many milliseconds after the response; until then it signs in silently, and is listed',
    async (_what, path) => {
      const browser = new TestBrowser()
      const login = await startLogin(tenant)
      const tokens = await complete(login, await signInByPassword(browser, login, 'ann@example.com'))
      expect((await end(path(String(tokens.claims()?.sid)))).status).toBe(202)
      expect((await visitAgain(browser)).claims?.sub).toBe('auth0|ann')
      const list = () => administer(tenant, 'read:sessions', 'GET', '/users/auth0%7Cann/sessions')
      expect((await list()).body.sessions).toHaveLength(1)
      await wait(DELAY + 100)
      expect((await visitAgain(browser)).page).toBe('/u/login')
      expect((await list()).body.sessions).toEqual([])
    },
  )

  it('does not end a session that began after the call', async () => {
    await end('/users/auth0%7Cann/sessions')
    const browser = new TestBrowser()
    const login = await startLogin(tenant)
    await signInByPassword(browser, login, 'ann@example.com')
    await wait(DELAY + 100)
    expect((await visitAgain(browser)).claims?.sub).toBe('auth0|ann')
  })

  it('ends one refresh token, or all of a user, so many milliseconds after the response', async () => {
    const opened = await openSessions({ user_id: 'auth0|ann', count: 0, refresh_tokens: 2 })
    expect(opened.refresh_tokens).toHaveLength(2)
    const list = async () => {
      const path = '/users/auth0%7Cann/refresh-tokens'
      return (await administer(tenant, 'read:refresh_tokens', 'GET', path)).body.tokens as { id: string }[]
    }
    const [first] = await list()
    expect((await end(`/refresh-tokens/${first?.id}`)).status).toBe(204)
    expect(await list()).toHaveLength(2)
    await wait(DELAY + 100)
    expect(await list()).toHaveLength(1)
    await end('/users/auth0%7Cann/refresh-tokens')
    expect(await list()).toHaveLength(1)
    await wait(DELAY + 100)
    expect(await list()).toEqual([])
  })

  it('ends nothing after a reset', async () => {
    await end('/users/auth0%7Cann/sessions')
    state.reset()
    const browser = new TestBrowser()
    await signInByPassword(browser, await startLogin(tenant), 'ann@example.com')
    await wait(DELAY + 100)
    expect(state.sessions.size).toBe(1)
  })
})

describe('POST /_tenant/sessions', () => {
  it('creates sessions for silent logins, of the user that the identity is linked to', async () => {
    await administer(tenant, 'update:users', 'POST', '/users/auth0%7Cann/identities', {
      provider: 'google-oauth2',
      user_id: 'ann-g',
    })
    const { sessions } = await openSessions({ user_id: 'google-oauth2|ann-g', count: 3 })
    expect(sessions).toHaveLength(3)
    const browser = new TestBrowser()
    const port = new URL(tenant.loginOrigin).port
    await browser.jar.setCookie(`auth0_session_${port}_compat=${sessions[1]}; Path=/`, tenant.loginOrigin)
    expect((await visitAgain(browser)).claims).toMatchObject({ sub: 'auth0|ann', sid: sessions[1] })
  })

  it('refuses a user that does not exist', async () => {
    await expect(openSessions({ user_id: 'auth0|unknown', count: 1 })).rejects.toThrow('there is no user')
  })
})

async function openSessions(body: object): Promise<{ sessions: string[]; refresh_tokens: string[] }> {
  const answer = await fetch(`${tenant.loginOrigin}/_tenant/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const opened = await answer.json()
  if (!answer.ok) throw new Error(opened.message)
  return opened
}
