import { beforeEach, describe, expect, inject, it } from 'vitest'
import { appCookieName, appCookies } from '../support/browser/app-cookies'
import { FlowBrowser, fieldsOf, formOf } from '../support/browser/flow-browser'
import { answerOf, BUTTONS, claimsOf, Flow, textOf } from '../support/flow/flow'
import { EXCEPT_SESSIONS } from '../support/flow/tenant'

const flow = new Flow(inject('flowDemo'))
const { tenant, demo } = flow
beforeEach(() => tenant.reset())

describe('linking at login', () => {
  it('makes one account of Ann’s two, and her login ends at the application where it began', async () => {
    const browser = new FlowBrowser()
    const done = await browser.press(await flow.annAtConfirm(browser), BUTTONS.link)

    expect(`${done.url.origin}${done.url.pathname}`).toBe(`${demo.other}/callback`)
    expect(claimsOf(done)).toMatchObject({ sub: 'auth0|ann', email: 'ann@example.com' })
    const ann = await tenant.user('auth0|ann')
    expect(ann?.identities.map(({ provider, user_id }) => `${provider}|${user_id}`)).toEqual([
      'auth0|ann',
      'google-oauth2|ann-g',
    ])
    expect(await tenant.user('google-oauth2|ann-g')).toBeUndefined()
  })

  it('costs five Management API calls and seven that read rights, and links after the snapshot is written', async () => {
    const browser = new FlowBrowser()
    const isRights = (call: string) =>
      /\/users\/[^/]+\/(roles|permissions|organizations|authentication-methods) /.test(call)
    await flow.annAtPrompt(new FlowBrowser())
    // The Action's event already says that the current account has no roles, so the Action reads only the other kinds.
    expect((await tenant.calls()).filter(isRights)).toHaveLength(3)
    await tenant.reset()
    await browser.press(await flow.annAtConfirm(browser), BUTTONS.link)
    const all = await tenant.calls(EXCEPT_SESSIONS)
    expect(all.filter(isRights)).toHaveLength(7)
    // After the link, the service reads the account for its event.
    const calls = all.filter((call) => !isRights(call) && !/^GET .*\/users\/auth0/.test(call))
    expect(calls.slice(0, 5)).toEqual([
      'GET /api/v2/users-by-email 200',
      'GET /api/v2/users-by-email 200',
      'PATCH /api/v2/users/auth0|ann 200',
      'POST /api/v2/users/auth0|ann/identities 201',
      // Records that all older sessions have ended.
      'PATCH /api/v2/users/auth0|ann 200',
    ])
    expect(await tenant.writes()).toEqual([
      'patch /api/v2/users/auth0|ann',
      'link /api/v2/users/auth0|ann/identities',
      'patch /api/v2/users/auth0|ann',
    ])
  })

  it('fills in metadata that the primary lacks, and keeps all metadata of the secondary in its snapshot', async () => {
    const browser = new FlowBrowser()
    await browser.press(await flow.annAtConfirm(browser), BUTTONS.link)
    const { user_metadata, app_metadata = {} } = (await tenant.user('auth0|ann')) ?? {}
    expect(user_metadata).toEqual({ theme: 'dark', language: 'en', newsletter: true })
    expect(app_metadata).toMatchObject({ plan: 'team', customer_number: 'C-1001' })
    const snapshots = Object.entries(app_metadata).filter(([key]) => /^account_linking_\w{12}$/.test(key))
    expect(snapshots.map(([, snapshot]) => snapshot)).toEqual([
      expect.objectContaining({
        user_id: 'google-oauth2|ann-g',
        kept: {
          user_metadata: { theme: 'light', newsletter: true },
          app_metadata: { plan: 'free', trial: { started: '2025-02-01' } },
        },
        carried: { user_metadata: ['newsletter'], app_metadata: [] },
      }),
    ])
  })

  it('is followed by one lookup at the next login and none later, and both identities sign in to one account', async () => {
    const browser = new FlowBrowser()
    await browser.press(await flow.annAtConfirm(browser), BUTTONS.link)
    const lookups = () => tenant.calls(/users-by-email/)
    const before = (await lookups()).length
    for (const way of [{ with: 'google-oauth2' }, {}, { with: 'google-oauth2' }]) {
      const again = await flow.signIn(new FlowBrowser(), 'ann@example.com', way)
      expect(claimsOf(again).sub).toBe('auth0|ann')
    }
    expect((await lookups()).slice(before)).toEqual(['GET /api/v2/users-by-email 200'])
  })

  it('makes the current account the primary if the rule says so: Ann’s password account is older', async () => {
    const browser = new FlowBrowser()
    const prompt = await flow.signIn(browser, 'ann@example.com')
    expect(textOf(prompt)).toContain('The account you’re signing in to now stays')
    const confirm = await flow.prove(browser, prompt, 'ann@example.com')
    expect(answerOf(fieldsOf(formOf(confirm, BUTTONS.link)))).toMatchObject({
      primary_identity: { user_id: 'auth0|ann' },
      secondary_identity: { user_id: 'google-oauth2|ann-g' },
    })
    expect(claimsOf(await browser.press(confirm, BUTTONS.link)).sub).toBe('auth0|ann')
    expect(await tenant.writes()).toContain('link /api/v2/users/auth0|ann/identities')
  })

  it('makes the older account the primary, also if that is the Google account', async () => {
    const { users } = await tenant.world()
    await tenant.reset({
      users: users.map((user) =>
        user.user_id === 'google-oauth2|ann-g' ? { ...user, created_at: '2020-01-01T00:00:00.000Z' } : user,
      ),
    })
    const browser = new FlowBrowser()
    const done = await browser.press(await flow.annAtConfirm(browser), BUTTONS.link)
    expect(claimsOf(done).sub).toBe('google-oauth2|ann-g')
    expect(await tenant.writes()).toContain('link /api/v2/users/google-oauth2|ann-g/identities')
    expect(await tenant.user('auth0|ann')).toBeUndefined()
  })
})

describe('the response token', () => {
  it('is sent by the person’s own click, through a 307 that repeats the form, and appears in no URL', async () => {
    const browser = new FlowBrowser()
    const confirm = await flow.annAtConfirm(browser)
    const { session_token: answer = 'none' } = fieldsOf(formOf(confirm, BUTTONS.link))
    await browser.press(confirm, BUTTONS.link)

    const at = browser.hops.findIndex(({ url }) => url.pathname === '/link/finish')
    const [finish, resumed] = browser.hops.slice(at)
    expect([finish?.method, finish?.status, resumed?.method]).toEqual(['POST', 307, 'POST'])
    expect(`${resumed?.url.origin}${resumed?.url.pathname}`).toBe(`${demo.tenant}/continue`)
    const addresses = browser.hops.flatMap(({ url, headers }) => [url.href, headers.get('location') ?? ''])
    expect(addresses.filter((address) => address.includes(answer))).toEqual([])
  })

  it('names the login and the proven pair, and is valid for two minutes at most', async () => {
    const browser = new FlowBrowser()
    const confirm = await flow.annAtConfirm(browser)
    const answer = answerOf(fieldsOf(formOf(confirm, BUTTONS.link)))
    const [waiting] = await tenant.transactions()
    expect(answer).toEqual({
      iss: demo.app,
      sub: 'google-oauth2|ann-g',
      state: waiting?.state,
      iat: expect.any(Number),
      exp: expect.any(Number),
      jti: expect.any(String),
      txn: expect.any(String),
      purpose: 'account-link.result',
      result: 'link',
      primary_identity: {
        user_id: 'auth0|ann',
        provider: 'auth0',
        connection: 'Username-Password-Authentication',
      },
      secondary_identity: {
        user_id: 'google-oauth2|ann-g',
        provider: 'google-oauth2',
        connection: 'google-oauth2',
      },
      proof_auth_time: expect.any(Number),
      proof_sid: expect.any(String),
    })
    const life = (answer.exp ?? 0) - (answer.iat ?? 0)
    expect(life).toBeGreaterThanOrEqual(60)
    expect(life).toBeLessThanOrEqual(120)
  })

  it('has the session token removed from the URL at once', async () => {
    const browser = new FlowBrowser()
    const prompt = await flow.annAtPrompt(browser)
    expect(prompt.url.href).toMatch(new RegExp(`^${demo.app}/link/prompt\\?flow=[0-9a-f]{16}$`))
    const [waiting] = await tenant.transactions()
    await flow.prove(browser, prompt, 'ann@example.com')
    const carrying = browser.hops.filter(({ url }) => url.href.includes(waiting?.session_token ?? 'none'))
    expect(carrying.map(({ url, status }) => `${url.pathname} ${status}`)).toEqual(['/link 303'])
  })
})

describe('the second authorization', () => {
  it('is a separate code flow with PKCE, state, nonce and a fresh login', async () => {
    const browser = new FlowBrowser()
    const prompt = await flow.annAtPrompt(browser)
    const { url } = await browser.press(prompt, BUTTONS.link, {}, { stopAt: `${demo.tenant}/authorize` })
    const query = Object.fromEntries(url.searchParams)
    expect(query).toMatchObject({
      client_id: 'linking',
      response_type: 'code',
      redirect_uri: `${demo.app}/link/callback`,
      scope: 'openid email',
      code_challenge_method: 'S256',
      connection: 'Username-Password-Authentication',
      max_age: '0',
      prompt: 'login',
      login_hint: 'ann@example.com',
    })
    for (const name of ['state', 'nonce', 'code_challenge'])
      expect(query[name]?.length).toBeGreaterThanOrEqual(22)
  })

  it('redeems its code with PKCE, and does not make the Action redirect again', async () => {
    const browser = new FlowBrowser()
    await flow.annAtConfirm(browser)
    const arrivals = browser.hops.filter(({ url }) => url.pathname === '/link')
    expect(arrivals).toHaveLength(1)
    expect(await tenant.calls(/^\/oauth\/token$/)).toEqual(['POST /oauth/token 200', 'POST /oauth/token 200'])
  })

  it('leaves no cookie of the flow behind, and sets no session cookie', async () => {
    const browser = new FlowBrowser()
    await browser.press(await flow.annAtConfirm(browser), BUTTONS.link)
    const ours = browser.hops.filter(({ url }) => url.origin === demo.app)
    const lines = ours.flatMap(({ headers }) => headers.getSetCookie())
    expect(lines.filter((line) => !line.startsWith(appCookieName(demo.app, 'link_')))).toEqual([])
    expect(await appCookies(browser, demo.app, 'link_')).toEqual([])
  })
})
