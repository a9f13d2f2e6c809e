import { beforeEach, describe, expect, it } from 'vitest'
import { playActions, SEND_WITH_TOKEN, scriptAction, TAKE_ANSWER } from '../support/action/play-actions'
import { TestBrowser } from '../support/browser/browser'
import { complete, open, signInByPassword, signInWithGoogle, startLogin } from '../support/tenant/sign-in'
import { answerToken, resume, suspend } from '../support/tenant/suspended-login'
import { aTenant } from '../support/tenant/tenant'

const tenant = await aTenant()
const { state } = tenant

beforeEach(() => {
  state.reset()
  scriptAction(tenant, SEND_WITH_TOKEN, TAKE_ANSWER)
})

describe('a redirecting Action', () => {
  it('sends the user away with a token in the documented shape', async () => {
    const { claims, url } = await suspend(tenant, new TestBrowser())
    expect(url.origin + url.pathname).toBe('http://localhost:3000/link')
    expect(claims).toEqual({
      sub: 'google-oauth2|ann-g',
      iss: new URL(tenant.canonicalOrigin).host,
      iat: expect.any(Number),
      exp: (claims.iat ?? 0) + 900,
      ip: expect.any(String),
      asked: 'something',
    })
  })

  it('names the login domain in the token if the option says so', async () => {
    state.changeOptions({ answers: { encode_token_iss: 'login' } })
    expect((await suspend(tenant, new TestBrowser())).claims.iss).toBe(new URL(tenant.loginOrigin).host)
  })

  it('lists the suspended login', async () => {
    const { url, state: id } = await suspend(tenant, new TestBrowser())
    const response = await fetch(`${tenant.loginOrigin}/_tenant/transactions`)
    expect(await response.json()).toEqual([
      {
        state: id,
        sub: 'google-oauth2|ann-g',
        client_id: 'demo-app',
        session_token: url.searchParams.get('session_token'),
      },
    ])
  })

  it('keeps the query of its target unchanged', async () => {
    scriptAction(
      tenant,
      `api.redirect.sendUserTo(event.secrets.ACCOUNT_LINKING_SERVICE_URL + '?a=%7e+b', { query: { c: 'd e' } })`,
    )
    const { url } = await suspend(tenant, new TestBrowser())
    expect(url.search).toMatch(/^\?a=%7e\+b&c=d%20e&state=[\w-]{32}$/)
  })

  it('writes metadata before the user leaves', async () => {
    scriptAction(tenant, `api.user.setAppMetadata('asked', true);${SEND_WITH_TOKEN}`)
    await suspend(tenant, new TestBrowser())
    expect(state.users.get('google-oauth2|ann-g')?.app_metadata).toMatchObject({ asked: true })
  })

  it('fails a login with prompt=none even if the browser has a session', async () => {
    playActions(tenant, [])
    const browser = new TestBrowser()
    await signInByPassword(browser, await startLogin(tenant), 'ann@example.com')
    scriptAction(tenant, SEND_WITH_TOKEN)
    const login = await startLogin(tenant, { parameters: { prompt: 'none' } })
    await expect(complete(login, await open(browser, login))).rejects.toMatchObject({
      error: 'interaction_required',
    })
  })
})

describe('/continue', () => {
  it.each(['POST', 'GET'] as const)('resumes the login by %s', async (method) => {
    const browser = new TestBrowser()
    const suspended = await suspend(tenant, browser)
    const token = await answerToken(tenant, suspended, { said: 'yes' })
    const address = new URL(`/continue?state=${suspended.state}`, tenant.loginOrigin)
    if (method === 'GET') address.searchParams.set('session_token', token)
    const visit = await browser.visit(address, {
      method,
      ...(method === 'POST' && { body: { session_token: token } }),
      stopAt: suspended.login.redirectUri,
    })
    const tokens = await complete(suspended.login, visit)
    expect(tokens.claims()).toMatchObject({
      sub: 'google-oauth2|ann-g',
      'https://example.com/answer': { said: 'yes', state: suspended.state },
    })
  })

  it.each([
    ['without a state', ''],
    ['with a changed state', '?state=x'],
  ])('answers %s with invalid_request', async (_how, query) => {
    const browser = new TestBrowser()
    await suspend(tenant, browser)
    const visit = await browser.visit(`${tenant.loginOrigin}/continue${query}`)
    expect(visit.status).toBe(400)
    expect(visit.html.text).toContain('invalid_request')
  })

  it('takes the state from the query only', async () => {
    const browser = new TestBrowser()
    const { state: id } = await suspend(tenant, browser)
    const visit = await browser.visit(`${tenant.loginOrigin}/continue`, {
      method: 'POST',
      body: { state: id },
    })
    expect(visit.status).toBe(400)
  })

  it('answers another browser with invalid_request, and lets the browser that started the login resume it', async () => {
    const browser = new TestBrowser()
    const suspended = await suspend(tenant, browser)
    const token = await answerToken(tenant, suspended)
    expect((await resume(tenant, new TestBrowser(), suspended, token)).status).toBe(400)
    expect((await resume(tenant, browser, suspended, token)).url.searchParams.has('code')).toBe(true)
  })

  it('accepts another browser if the option says so', async () => {
    state.changeOptions({ answers: { continue_cookie: false } })
    const suspended = await suspend(tenant, new TestBrowser())
    const visit = await resume(tenant, new TestBrowser(), suspended, await answerToken(tenant, suspended))
    expect(visit.url.searchParams.has('code')).toBe(true)
  })

  it.each([
    ['invalid_request', 400, false],
    ['repeat', 302, true],
  ] as const)('answers a second use by %s', async (answer, status, hasCode) => {
    state.changeOptions({ answers: { continue_twice: answer } })
    const browser = new TestBrowser()
    const suspended = await suspend(tenant, browser)
    const token = await answerToken(tenant, suspended)
    await resume(tenant, browser, suspended, token)
    const visit = await resume(tenant, browser, suspended, token)
    expect([visit.status, visit.url.searchParams.has('code')]).toEqual([status, hasCode])
  })

  it('does not resume a login that has waited for more than an hour', async () => {
    const browser = new TestBrowser()
    const suspended = await suspend(tenant, browser)
    state.clockOffset = 3601
    const visit = await resume(tenant, browser, suspended, await answerToken(tenant, suspended))
    expect(visit.html.text).toContain('invalid_request')
  })

  it('shows the Action the current request and user', async () => {
    const browser = new TestBrowser()
    scriptAction(
      tenant,
      SEND_WITH_TOKEN,
      `const { method, query, body } = event.request
      api.idToken.setCustomClaim('https://example.com/seen', {
        method, query, keys: Object.keys(body), color: event.user.user_metadata.color })`,
    )
    const suspended = await suspend(tenant, browser)
    const user = state.users.get('google-oauth2|ann-g')
    if (user) user.user_metadata.color = 'green'
    const tokens = await complete(suspended.login, await resume(tenant, browser, suspended, 'any'))
    expect(tokens.claims()?.['https://example.com/seen']).toEqual({
      method: 'POST',
      query: { state: suspended.state },
      keys: ['session_token'],
      color: 'green',
    })
  })

  it('runs the Actions after the one that redirected, and keeps transaction metadata', async () => {
    playActions(tenant, ['scripted', 'second'], {
      EXECUTE: `api.transaction.setMetadata('txn', 'kept');${SEND_WITH_TOKEN}`,
      CONTINUE: `api.authentication.recordMethod('https://example.com/method')
        api.transaction.setMetadata('seen', event.transaction.metadata.txn)`,
    })
    const browser = new TestBrowser()
    const suspended = await suspend(tenant, browser)
    const tokens = await complete(suspended.login, await resume(tenant, browser, suspended, 'any'))
    expect(tokens.claims()?.['https://example.com/second']).toEqual({
      user_id: 'google-oauth2|ann-g',
      metadata: { txn: 'kept', seen: 'kept' },
      methods: ['federated', 'https://example.com/method'],
    })
  })

  it('fails the login if its user was deleted', async () => {
    const browser = new TestBrowser()
    const suspended = await suspend(tenant, browser)
    state.users.delete('google-oauth2|ann-g')
    const visit = await resume(tenant, browser, suspended, await answerToken(tenant, suspended))
    expect(Object.fromEntries(visit.url.searchParams)).toMatchObject({
      error: 'access_denied',
      error_description: 'Unable to construct login user',
      state: suspended.login.checks.expectedState,
    })
  })
})

describe('validateToken', () => {
  const invalid = (problem: string) => `The session token is invalid: ${problem}`
  const claimsProblem = invalid('Missing or invalid standard claims')

  it.each([
    ['no iss', { iss: undefined }, claimsProblem],
    ['no sub', { sub: undefined }, claimsProblem],
    ['no iat', { iat: undefined }, claimsProblem],
    ['no exp', { exp: undefined }, claimsProblem],
    ['another state', { state: 'x' }, invalid('State in the token does not match the /continue state.')],
    ['another subject', { sub: 'auth0|ann' }, invalid('The sub claim does not match the user_id.')],
    ['an expiry in the past', { exp: 1 }, invalid('Token has expired.')],
  ])('throws for a token with %s, which fails the login', async (_what, claims, message) => {
    const browser = new TestBrowser()
    const suspended = await suspend(tenant, browser)
    const visit = await resume(tenant, browser, suspended, await answerToken(tenant, suspended, claims))
    expect(visit.url.searchParams.get('error')).toBe('access_denied')
    expect(visit.url.searchParams.get('error_description')).toBe(message)
  })

  it('throws for a token signed with another secret', async () => {
    const browser = new TestBrowser()
    const suspended = await suspend(tenant, browser)
    const token = await answerToken(tenant, suspended, {}, 'another secret of enough length, it is')
    const visit = await resume(tenant, browser, suspended, token)
    expect(visit.url.searchParams.get('error_description')).toBe(invalid('Failed signature validation'))
  })

  it('throws if there is no token', async () => {
    const browser = new TestBrowser()
    const suspended = await suspend(tenant, browser)
    const visit = await browser.visit(`${tenant.loginOrigin}/continue?state=${suspended.state}`, {
      stopAt: suspended.login.redirectUri,
    })
    expect(visit.url.searchParams.get('error_description')).toBe(
      "There is no parameter called 'session_token' available in either the POST body or query string.",
    )
  })

  it('does not compare the subject if the option says so', async () => {
    state.changeOptions({ answers: { validate_token_sub: false } })
    const browser = new TestBrowser()
    const suspended = await suspend(tenant, browser)
    const token = await answerToken(tenant, suspended, { sub: 'auth0|ann' })
    expect((await resume(tenant, browser, suspended, token)).url.searchParams.has('code')).toBe(true)
  })
})

describe('a login inside a suspended login', () => {
  it.each([
    ['last', 'auth0|dee'],
    ['first', 'google-oauth2|ann-g'],
  ] as const)('keeps the session of the %s login', async (answer, sub) => {
    state.changeOptions({ answers: { sso_after_nested: answer } })
    const browser = new TestBrowser()
    const suspended = await suspend(tenant, browser)
    playActions(tenant, [])
    const nested = await startLogin(tenant, { clientId: 'linking', parameters: { prompt: 'login' } })
    expect(
      (await complete(nested, await signInByPassword(browser, nested, 'dee@example.com'))).claims()?.sub,
    ).toBe('auth0|dee')
    const visit = await resume(tenant, browser, suspended, 'any')
    expect((await complete(suspended.login, visit)).claims()?.sub).toBe('google-oauth2|ann-g')

    const silent = await startLogin(tenant, { parameters: { prompt: 'none' } })
    expect((await complete(silent, await open(browser, silent))).claims()?.sub).toBe(sub)
  })

  it('does not disturb a login in another tab', async () => {
    const browser = new TestBrowser()
    const first = await suspend(tenant, browser)
    const login = await startLogin(tenant, { parameters: { connection: 'google-oauth2', prompt: 'login' } })
    await signInWithGoogle(
      browser,
      { ...login, redirectUri: 'http://localhost:3000/link' },
      'bea@example.com',
    )
    const visit = await resume(tenant, browser, first, await answerToken(tenant, first))
    expect((await complete(first.login, visit)).claims()?.sub).toBe('google-oauth2|ann-g')
  })
})
