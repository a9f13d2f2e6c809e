import { beforeEach, describe, expect, inject, it } from 'vitest'
import { appCookies } from '../support/browser/app-cookies'
import { FlowBrowser } from '../support/browser/flow-browser'
import { BUTTONS, claimsOf, errorCode, Flow, textOf } from '../support/flow/flow'
import type { WorldUser } from '../support/flow/tenant'

const flow = new Flow(inject('flowDemo'))
const { tenant, demo } = flow
beforeEach(() => tenant.reset())

const codeCalls = async () => (await tenant.calls(/^\/oauth\/token$/)).length

/** Ann at the tenant's form for her other account. The tenant issues ID tokens with the given faults from now on. */
async function annAtForm(idToken: object = {}) {
  const browser = new FlowBrowser()
  const form = await browser.press(await flow.annAtPrompt(browser), BUTTONS.link)
  await tenant.options({ id_token: idToken })
  const signIn = (stopAt?: string) =>
    browser.press(
      form,
      'Continue',
      { 'Email address': 'ann@example.com', Password: 'correct horse' },
      stopAt === undefined ? {} : { stopAt },
    )
  return { browser, signIn }
}

/** The URL of the callback after Ann has signed in to her other account. The browser has not opened it. */
async function annAtCallback() {
  const { browser, signIn } = await annAtForm()
  const { url } = await signIn(`${demo.app}/link/callback`)
  return { browser, url }
}

describe('the ID token of the other account', () => {
  it.each<[string, string, object]>([
    ['C03 another nonce', 'bad_id_token', { nonce: 'wrong' }],
    ['C03 no nonce', 'bad_id_token', { nonce: 'missing' }],
    ['C10 another issuer', 'bad_id_token', { iss: 'wrong' }],
    ['C10 no subject', 'bad_id_token', { sub: 'missing' }],
    ['C10 another audience', 'bad_id_token', { aud: 'wrong' }],
    ['C10 no `iat`', 'bad_id_token', { iat: 'missing' }],
    ['C10 no signature', 'bad_id_token', { alg: 'none' }],
    ['C10 a wrong signature', 'bad_id_token', { signature: 'wrong' }],
    ['C10 signed with the client’s secret', 'bad_id_token', { alg: 'HS256' }],
    ['C10 expired', 'bad_id_token', { exp: 'past' }],
    ['C10 another authorized party', 'bad_id_token', { azp: 'demo-spa' }],
    ['C10 a further audience', 'bad_id_token', { aud: ['linking', 'demo-spa'], azp: 'linking' }],
    ['C11 an empty subject', 'bad_id_token', { sub: '' }],
    ['C11 a number for its subject', 'bad_id_token', { sub: 5 }],
    ['C11 control characters in its subject', 'bad_id_token', { sub: 'auth0|ann\u0000' }],
    ['C12 no `auth_time`', 'reauth_required', { auth_time: 'missing' }],
    ['C12 an old `auth_time`', 'reauth_required', { auth_time: 'old' }],
    ['C14 an unverified email address', 'unverified', { email_verified: false }],
    ['C14 the text “true” for `email_verified`', 'unverified', { email_verified: 'true' }],
    ['C14 no `email_verified`', 'unverified', { email_verified: 'missing' }],
  ])('with %s is refused with %s, and the login goes on', async (_row, code, idToken) => {
    const { browser, signIn } = await annAtForm(idToken)
    const page = await signIn()
    expect(errorCode(page)).toBe(code)
    await tenant.options({ id_token: {} })
    expect(claimsOf(await browser.press(page, BUTTONS.goOn)).sub).toBe('google-oauth2|ann-g')
    expect(await tenant.writes()).toEqual([])
  })

  it('is requested again after a refusal, and then accepted', async () => {
    const { browser, signIn } = await annAtForm({ nonce: 'wrong' })
    const page = await signIn()
    await tenant.options({ id_token: {} })
    const again = page.html.querySelectorAll('a').find(({ text }) => text === BUTTONS.tryAgain)
    const prompt = await browser.visit(again?.getAttribute('href') ?? 'none')
    const done = await browser.press(await flow.prove(browser, prompt, 'ann@example.com'), BUTTONS.link)
    expect(claimsOf(done).sub).toBe('auth0|ann')
  })
})

describe('GET /link/callback', () => {
  it.each<[string, (url: URL) => void]>([
    ['no state', (url) => url.searchParams.delete('state')],
    ['another state', (url) => url.searchParams.set('state', 'another')],
    [
      'another state of the same flow',
      (url) => url.searchParams.set('state', `${url.searchParams.get('state')}x`),
    ],
    [
      'the state of another flow',
      (url) => url.searchParams.set('state', `0123456789abcdef.${'x'.repeat(43)}`),
    ],
  ])('C02 with %s exchanges no code', async (_row, change) => {
    const { browser, url } = await annAtCallback()
    const before = await codeCalls()
    change(url)
    expect(errorCode(await browser.visit(url))).toBe('no_flow')
    expect(await codeCalls()).toBe(before)
  })

  it('C04 twice makes one code exchange, and shows the same page', async () => {
    const { browser, url } = await annAtCallback()
    const before = await codeCalls()
    const first = await browser.visit(url)
    const second = await browser.visit(url)
    expect([first.url.pathname, second.url.pathname]).toEqual(['/link/confirm', '/link/confirm'])
    expect(await codeCalls()).toBe(before + 1)
  })

  it('C05 with the code of another person’s authorization is refused', async () => {
    const mallory = await annAtCallback()
    await tenant.mend()
    const { browser, url } = await annAtCallback()
    url.searchParams.set('code', mallory.url.searchParams.get('code') ?? '')
    expect(['sign_in_failed', 'bad_id_token']).toContain(errorCode(await browser.visit(url)))
  })

  it.each(['access_denied', 'login_required', 'consent_required', 'interaction_required', 'server_error'])(
    'C17 with the error %s says that the sign-in failed, does not show the reason, and lets the login go on',
    async (error) => {
      const { browser, url } = await annAtCallback()
      const before = await codeCalls()
      url.searchParams.delete('code')
      url.searchParams.set('error', error)
      url.searchParams.set('error_description', '<img src=x onerror=alert(1)>')
      const page = await browser.visit(url)
      expect(errorCode(page)).toBe('sign_in_failed')
      expect(page.html.querySelectorAll('img')).toEqual([])
      expect(textOf(page)).not.toContain('onerror')
      expect(await codeCalls()).toBe(before)
      expect(claimsOf(await browser.press(page, BUTTONS.goOn)).sub).toBe('google-oauth2|ann-g')
    },
  )

  it.each(['https://evil.example/', demo.tls])(
    'C18, C19 with the issuer %s exchanges no code',
    async (issuer) => {
      const { browser, url } = await annAtCallback()
      const before = await codeCalls()
      url.searchParams.set('iss', issuer)
      const page = await browser.visit(url)
      expect(errorCode(page)).toBe('bad_issuer')
      expect(await codeCalls()).toBe(before)
      expect(claimsOf(await browser.press(page, BUTTONS.goOn)).sub).toBe('google-oauth2|ann-g')
    },
  )

  it('C28 ignores all other parameters of its URL', async () => {
    const { browser, url } = await annAtCallback()
    for (const name of ['session_token', 'returnTo', 'response_mode'])
      url.searchParams.set(name, 'https://evil.example')
    expect((await browser.visit(url)).url.href).toMatch(/\/link\/confirm\?flow=[0-9a-f]{16}$/)
  })

  it('C29 refuses POST', async () => {
    const { url } = await annAtCallback()
    expect((await fetch(url, { method: 'POST' })).status).toBe(405)
  })

  it('C30 keeps no token: the flow’s cookie stays small, and no refresh token was requested', async () => {
    const { browser, url } = await annAtCallback()
    await browser.visit(url)
    const cookies = await appCookies(browser, demo.app, 'link_')
    expect(cookies).toHaveLength(1)
    expect(cookies[0]?.value.length).toBeLessThan(2500)
    const asked = browser.hops.filter(({ url }) => url.pathname === '/authorize').at(-1)
    expect(asked?.url.searchParams.get('scope')).not.toContain('offline_access')
  })
})

describe('POST /link/authenticate', () => {
  it('C23 passes on only the choice of an account, and no other field of the form', async () => {
    const browser = new FlowBrowser()
    const prompt = await flow.annAtPrompt(browser)
    const smuggled = {
      connection: 'evil',
      prompt: 'none',
      audience: 'https://evil.example/',
      scope: 'offline_access',
      redirect_uri: 'https://evil.example/',
      no_link: '1',
    }
    const { url } = await browser.send(prompt, BUTTONS.link, smuggled, { stopAt: `${demo.tenant}/authorize` })
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      connection: 'Username-Password-Authentication',
      prompt: 'login',
      scope: 'openid email',
      redirect_uri: `${demo.app}/link/callback`,
    })
    expect(url.searchParams.has('audience')).toBe(false)
  })
})

describe('a second factor', () => {
  /** Gives Fay's Google account a second factor, too. The tenant asks for it before the Action, so there is an offer. */
  async function fayWithFactors() {
    const { users } = await tenant.world()
    const change = (user: WorldUser) =>
      user.user_id === 'google-oauth2|fay-g' ? { ...user, mfa: true } : user
    await tenant.reset({ users: users.map(change) })
    await tenant.options({ mfa_order: 'before' })
  }

  it('prevents the offer if the tenant asks for it after the Action', async () => {
    const browser = new FlowBrowser()
    const way = { with: 'google-oauth2' }
    expect(claimsOf(await flow.signIn(browser, 'fay@example.com', way)).sub).toBe('google-oauth2|fay-g')
    const done = await flow.signIn(new FlowBrowser(), 'fay@example.com')
    expect(claimsOf(done)).toMatchObject({ sub: 'auth0|fay', amr: ['mfa'] })
    expect(browser.hops.some(({ url }) => url.origin === demo.app)).toBe(false)
  })

  it('lets the Action offer the account if an earlier login of the session used it', async () => {
    const browser = new FlowBrowser()
    await flow.signIn(browser, 'fay@example.com')
    const prompt = await browser.visit(new URL('/login', demo.other))
    expect(prompt.url.pathname).toBe('/link/prompt')
    const done = await browser.press(await flow.prove(browser, prompt, 'fay@example.com'), BUTTONS.link)
    expect(claimsOf(done)).toMatchObject({ sub: 'auth0|fay', amr: ['mfa'] })
    expect((await tenant.user('auth0|fay'))?.identities).toHaveLength(2)
  })

  it('is asked for when Fay proves her password account', async () => {
    await fayWithFactors()
    const browser = new FlowBrowser()
    const prompt = await flow.signIn(browser, 'fay@example.com', { with: 'google-oauth2' })
    const done = await browser.press(await flow.prove(browser, prompt, 'fay@example.com'), BUTTONS.link)
    expect(claimsOf(done).sub).toBe('auth0|fay')
    const asked = browser.hops.filter(({ url }) => url.pathname === '/authorize').at(-1)
    expect(asked?.url.searchParams.get('acr_values')).toMatch(/multi-factor$/)
    expect(browser.hops.some(({ url }) => url.pathname === '/u/mfa')).toBe(true)
  })

  it('C13 that the sign-in did not use means that the account is not proven', async () => {
    await fayWithFactors()
    const browser = new FlowBrowser()
    const prompt = await flow.signIn(browser, 'fay@example.com', { with: 'google-oauth2' })
    const form = await browser.press(prompt, BUTTONS.link)
    await tenant.options({ id_token: { amr: ['pwd'] } })
    const code = await browser.press(form, 'Continue', {
      'Email address': 'fay@example.com',
      Password: 'correct horse',
    })
    const page = await browser.press(code, 'Continue', { 'One-time code': '000000' })
    expect(errorCode(page)).toBe('mfa_required')
    expect(claimsOf(await browser.press(page, BUTTONS.goOn)).sub).toBe('google-oauth2|fay-g')
    expect(await tenant.writes()).toEqual([])
  })
})
