import type { JWTPayload } from 'jose'
import { beforeEach, describe, expect, it } from 'vitest'
import { changeOptions } from '@/local-tenant/world/options'
import { playActions, SEND_WITH_TOKEN, scriptAction, TAKE_ANSWER } from '../support/action/play-actions'
import { TestBrowser, type Visit } from '../support/browser/browser'
import {
  complete,
  open,
  type StartedLogin,
  signInByPassword,
  signInWithGoogle,
  startLogin,
} from '../support/tenant/sign-in'
import { answerToken, resume, suspend } from '../support/tenant/suspended-login'
import { aTenant } from '../support/tenant/tenant'

const tenant = await aTenant()
const { state } = tenant

beforeEach(() => state.reset())

const MULTI_FACTOR = 'http://schemas.openid.net/pape/policies/2007/06/multi-factor'

/** Sends the next form of a login and returns the claims that the login ends with. */
async function claimsAfter(
  browser: TestBrowser,
  login: StartedLogin,
  visit: Visit,
  fields: Record<string, string>,
): Promise<JWTPayload> {
  const last = await browser.press(visit, 'Continue', fields, { stopAt: login.redirectUri })
  return (await complete(login, last)).claims() ?? {}
}

describe('the login page', () => {
  it('has a password form and a button for each other connection', async () => {
    const { html } = await open(new TestBrowser(), await startLogin(tenant))
    expect(html.querySelectorAll('label').map(({ text }) => text)).toEqual(['Email address', 'Password'])
    expect(html.querySelectorAll('button').map(({ text }) => text)).toEqual([
      'Continue',
      'Continue with Google',
      'Continue with GitHub',
      'Continue with E-mail code',
      'Continue with Acme',
    ])
  })

  it('says that the password is wrong', async () => {
    const browser = new TestBrowser()
    const first = await open(browser, await startLogin(tenant))
    const visit = await browser.press(first, 'Continue', {
      'Email address': 'ann@example.com',
      Password: 'no',
    })
    expect([visit.status, visit.html.querySelector('[role=alert]')?.text]).toEqual([
      400,
      'Wrong email or password.',
    ])
  })

  it('accepts an address in any case', async () => {
    const login = await startLogin(tenant)
    const tokens = await complete(login, await signInByPassword(new TestBrowser(), login, 'ANN@Example.com'))
    expect(tokens.claims()?.sub).toBe('auth0|ann')
  })

  it('shows the name that Auth0 computes for an account without one', async () => {
    const ann = state.users.get('auth0|ann')
    for (const key of ['name', 'nickname'] as const) delete ann?.[key]
    const login = await startLogin(tenant)
    const tokens = await complete(login, await signInByPassword(new TestBrowser(), login, 'ann@example.com'))
    expect(tokens.claims()).toMatchObject({
      name: 'ann@example.com',
      nickname: 'ann',
      picture: expect.stringContaining('https://s.gravatar.com/avatar/'),
    })
  })

  it('shows only the form if a database is requested, and knows no users of another database', async () => {
    const browser = new TestBrowser()
    const login = await startLogin(tenant, { parameters: { connection: 'legacy-db', login_hint: 'a@b.c' } })
    const first = await open(browser, login)
    expect(first.html.querySelectorAll('button')).toHaveLength(1)
    expect(first.html.querySelector('#username')?.getAttribute('value')).toBe('a@b.c')
    expect((await signInByPassword(browser, login, 'ann@example.com')).status).toBe(400)
  })

  it('is only shown to the browser that started the login', async () => {
    const { url } = await open(new TestBrowser(), await startLogin(tenant))
    expect((await new TestBrowser().visit(url)).status).toBe(400)
  })

  it.each([
    ['is not configured', 'nowhere', 'the connection was not found'],
    ['is not for this client', 'acme-saml', 'the connection was disabled'],
  ])('is not shown for a connection that %s', async (_why, connection, description) => {
    const acme = state.connections.find(({ name }) => name === 'acme-saml')
    if (acme) acme.clients = ['demo-other']
    const login = await startLogin(tenant, { parameters: { connection } })
    await expect(complete(login, await open(new TestBrowser(), login))).rejects.toMatchObject({
      error: 'invalid_request',
      error_description: description,
    })
  })
})

describe('a connection for Connected Accounts only', () => {
  beforeEach(() => {
    for (const name of ['google-oauth2', 'Username-Password-Authentication']) {
      const connection = state.connections.find((each) => each.name === name)
      if (connection) connection.authentication.active = false
    }
  })

  it('does not log users in if it is requested', async () => {
    const login = await startLogin(tenant, { parameters: { connection: 'google-oauth2' } })
    await expect(complete(login, await open(new TestBrowser(), login))).rejects.toMatchObject({
      error: 'invalid_request',
      error_description: 'the connection was disabled',
    })
  })

  it('is not on the login page and cannot be chosen there', async () => {
    const browser = new TestBrowser()
    const visit = await open(browser, await startLogin(tenant))
    expect(visit.html.querySelectorAll('button').map(({ text }) => text)).toEqual([
      'Continue',
      'Continue with GitHub',
      'Continue with E-mail code',
      'Continue with Acme',
    ])
    const chosen = await browser.visit(visit.url, {
      method: 'POST',
      body: { connection: 'google-oauth2' },
    })
    expect(chosen.status).toBe(400)
    const fields = { 'Email address': 'ann@example.com', Password: 'correct horse' }
    expect((await browser.press(visit, 'Continue', fields)).status).toBe(400)
  })

  it('accepts no password without a browser', async () => {
    const client = state.clients.get('demo-app')
    client?.grant_types.push('password')
    const ask = () =>
      fetch(`${tenant.loginOrigin}/oauth/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'password',
          client_id: 'demo-app',
          client_secret: client?.client_secret ?? '',
          username: 'ann@example.com',
          password: 'correct horse',
        }),
      })
    const refused = await ask()
    expect([refused.status, (await refused.json()).error]).toEqual([403, 'invalid_grant'])
    for (const connection of state.connections) connection.authentication.active = true
    expect((await ask()).status).toBe(200)
  })
})

describe('the identity provider', () => {
  it.each([
    ['login_hint', 'ann@example.com'],
    ['prompt', 'select_account'],
  ])('lists its accounts, also with %s=%s', async (name, value) => {
    const login = await startLogin(tenant, { parameters: { connection: 'github', [name]: value } })
    const { html, url } = await open(new TestBrowser(), login)
    expect(url.pathname).toBe('/u/identity-provider')
    expect(html.querySelector('button')?.text).toBe('bea@example.com')
  })

  it('creates a new user for another account', async () => {
    const browser = new TestBrowser()
    const login = await startLogin(tenant, { parameters: { connection: 'google-oauth2' } })
    const visit = await open(browser, login)
    const claims = await claimsAfter(browser, login, visit, {
      'Email address': 'Zoe@Example.com',
      Name: 'Zoe Zimmer',
    })
    expect(claims).toMatchObject({ email: 'Zoe@Example.com', email_verified: true, name: 'Zoe Zimmer' })
    expect(claims.sub).toMatch(/^google-oauth2\|\d{20}$/)
  })

  it('signs in an enterprise user whose id contains several bars', async () => {
    const browser = new TestBrowser()
    const login = await startLogin(tenant, { parameters: { connection: 'acme-saml' } })
    const last = await browser.press(
      await open(browser, login),
      'gil@example.com',
      {},
      { stopAt: login.redirectUri },
    )
    expect((await complete(login, last)).claims()?.sub).toBe('samlp|acme-saml|gil|grant@acme.example')
  })
})

describe('a login', () => {
  it('through a linked identity signs in the primary user', async () => {
    state.reset({
      users: [
        {
          user_id: 'auth0|ann',
          email: 'ann@example.com',
          logins_count: 1,
          identities: [
            { provider: 'auth0', user_id: 'ann', connection: 'Username-Password-Authentication' },
            {
              provider: 'google-oauth2',
              user_id: 'ann-g',
              connection: 'google-oauth2',
              profileData: { email: 'ann.g@example.com', email_verified: true },
            },
          ],
        },
      ],
    })
    const login = await startLogin(tenant)
    const tokens = await complete(
      login,
      await signInWithGoogle(new TestBrowser(), login, 'ann.g@example.com'),
    )
    expect(tokens.claims()).toMatchObject({ sub: 'auth0|ann', email: 'ann@example.com' })
    expect(state.users.get('auth0|ann')).toMatchObject({
      logins_count: 2,
      last_login: expect.any(String),
      last_ip: expect.stringMatching(/^(127\.0\.0\.1|::1|::ffff:127\.0\.0\.1)$/),
    })
  })

  it('of a blocked user ends as unauthorized, and runs no Action', async () => {
    const ann = state.users.get('auth0|ann')
    if (ann) ann.blocked = true
    const login = await startLogin(tenant)
    await expect(
      complete(login, await signInByPassword(new TestBrowser(), login, 'ann@example.com')),
    ).rejects.toMatchObject({ error: 'unauthorized', error_description: 'user is blocked' })
  })

  it('asks for the second factor if the user has one', async () => {
    const browser = new TestBrowser()
    const login = await startLogin(tenant)
    const visit = await signInByPassword(browser, login, 'fay@example.com')
    const wrong = await browser.press(visit, 'Continue', { 'One-time code': '123456' })
    expect(wrong.status).toBe(400)
    const claims = await claimsAfter(browser, login, wrong, { 'One-time code': '000000' })
    expect(claims).toMatchObject({ sub: 'auth0|fay', amr: ['mfa'] })
  })

  const METHODS = `api.idToken.setCustomClaim('https://example.com/methods', event.authentication.methods.map(({ name }) => name))`
  it.each([
    ['after', ['pwd']],
    ['before', ['pwd', 'mfa']],
  ] as const)('asks for the second factor %s the Actions, which see %j', async (order, seen) => {
    state.options = changeOptions(state.options, { mfa_order: order })
    scriptAction(tenant, METHODS)
    const browser = new TestBrowser()
    const login = await startLogin(tenant)
    const visit = await signInByPassword(browser, login, 'fay@example.com')
    const claims = await claimsAfter(browser, login, visit, { 'One-time code': '000000' })
    expect(claims).toMatchObject({ amr: ['mfa'], 'https://example.com/methods': seen })

    const again = await startLogin(tenant)
    const known = (await complete(again, await open(browser, again))).claims()
    expect(known).toMatchObject({ amr: ['mfa'], 'https://example.com/methods': ['pwd', 'mfa'] })
    playActions(tenant, [])
  })

  it('asks for the second factor after the redirect of an Action', async () => {
    scriptAction(tenant, SEND_WITH_TOKEN, TAKE_ANSWER)
    const google = state.users.get('google-oauth2|fay-g')
    if (google) google.mfa = true
    const browser = new TestBrowser()
    const suspended = await suspend(tenant, browser, 'fay@example.com')
    const factor = await resume(tenant, browser, suspended, await answerToken(tenant, suspended))
    expect(factor.url.pathname).toBe('/u/mfa')
    const claims = await claimsAfter(browser, suspended.login, factor, { 'One-time code': '000000' })
    expect(claims).toMatchObject({ amr: ['mfa'], 'https://example.com/answer': expect.anything() })
    playActions(tenant, [])
  })

  it('does not sign in a user who leaves before the second factor', async () => {
    const browser = new TestBrowser()
    await signInByPassword(browser, await startLogin(tenant), 'fay@example.com')
    expect((await open(browser, await startLogin(tenant))).url.pathname).toBe('/u/mfa')
    const silent = await startLogin(tenant, { parameters: { prompt: 'none' } })
    await expect(complete(silent, await open(browser, silent))).rejects.toMatchObject({
      error: 'interaction_required',
    })
  })

  it('asks for a second factor if the application does', async () => {
    const browser = new TestBrowser()
    const login = await startLogin(tenant, { parameters: { acr_values: MULTI_FACTOR } })
    const visit = await signInByPassword(browser, login, 'ann@example.com')
    expect((await claimsAfter(browser, login, visit, { 'One-time code': '000000' })).amr).toEqual(['mfa'])
  })

  it('by email accepts the code that was sent', async () => {
    const browser = new TestBrowser()
    const login = await startLogin(tenant, { parameters: { connection: 'email' } })
    const visit = await open(browser, login)
    const asked = await browser.press(visit, 'Continue', { 'Email address': 'hal@example.com' })
    const sent = await fetch(`${tenant.loginOrigin}/_tenant/codes?email=hal@example.com`)
    const [{ code }] = await sent.json()
    expect((await claimsAfter(browser, login, asked, { 'One-time code': code })).sub).toBe('email|hal')
  })

  it('by email creates a new user for an unknown address', async () => {
    const browser = new TestBrowser()
    const login = await startLogin(tenant, { parameters: { connection: 'email' } })
    const asked = await browser.press(await open(browser, login), 'Continue', {
      'Email address': 'new@example.com',
    })
    const claims = await claimsAfter(browser, login, asked, {
      'One-time code': state.sentCodes.at(-1)?.code ?? '',
    })
    expect(claims.sub).toMatch(/^email\|/)
  })
})

describe('the other application', () => {
  it('signs in on its own origin and shows the claims', async () => {
    const browser = new TestBrowser()
    const first = await browser.press(await browser.visit(tenant.otherOrigin), 'Sign in')
    const last = await browser.press(first, 'Continue', {
      'Email address': 'ann@example.com',
      Password: 'correct horse',
    })
    expect(last.url.origin).toBe(tenant.otherOrigin)
    expect(JSON.parse(last.html.querySelector('pre')?.text ?? '{}')).toMatchObject({
      iss: `${tenant.loginOrigin}/`,
      sub: 'auth0|ann',
    })
  })

  it('passes on its parameters, and shows errors', async () => {
    const visit = await new TestBrowser().visit(`${tenant.otherOrigin}/login?prompt=none`)
    expect(visit.html.querySelector('pre')?.text).toContain('login_required')
  })

  it('returns to a native callback on request', async () => {
    const browser = new TestBrowser()
    const first = await browser.visit(`${tenant.otherOrigin}/login?callback=native&connection=google-oauth2`)
    const last = await browser.press(first, 'ann@example.com')
    expect(last.url.href).toMatch(/^com\.example\.demo:\/\/callback\?code=[\w-]+&state=/)
  })
})
