import { beforeEach, describe, expect, inject, it } from 'vitest'
import { appCookies, putAppCookie } from '../support/browser/app-cookies'
import { FlowBrowser, fieldsOf, formOf } from '../support/browser/flow-browser'
import { errorCode, Flow, textOf } from '../support/flow/flow'
import {
  effectsOf,
  identitiesOf,
  methodsOf,
  noticeOf,
  PAGE,
  type ProviderAccount,
  Settings,
  sectionOf,
} from '../support/flow/settings'

const flow = new Flow(inject('flowDemo'))
const { tenant, demo } = flow
beforeEach(() => tenant.reset())

const atPage = () => new Settings(flow, new FlowBrowser())
const NEW_GITHUB: ProviderAccount = { email: 'dee@work.example', isNew: true }
const linkWrites = async () => (await tenant.writes()).filter((write) => write.startsWith('link'))

/** Resets the tenant to the demo's people, with changes to some of them and with further users. */
async function world(changes: Record<string, object>, ...more: object[]): Promise<void> {
  const { users } = await tenant.world()
  await tenant.reset({
    users: [...users.map((user) => ({ ...user, ...changes[user.user_id] })), ...more],
  })
}

describe('an account that the sign-in of this step creates', () => {
  it('is connected after one confirmation, and the page says so', async () => {
    const dee = atPage()
    const confirm = await dee.prove(await dee.open('dee@example.com'), 'GitHub', NEW_GITHUB)
    expect(textOf(confirm)).toContain('The other account is new')
    expect(textOf(confirm)).toMatch(/You can undo this until \w+ \d+, \d{4}, on this page\./)
    // The page shows the full email address, so that the person notices a wrong account at the provider.
    expect(textOf(confirm)).toContain('GitHub dee@work.example')
    expect(await linkWrites()).toEqual([])

    const done = await dee.browser.press(confirm, 'Connect')
    expect(noticeOf(done)).toMatch(/^Connected\./)
    expect(methodsOf(done)).toEqual([
      expect.stringMatching(/^Email and password Main dee@example.com Since June 1, 2023/),
      expect.stringMatching(/^GitHub d••@work.example Added on .* on this page Disconnect Undo$/),
    ])
    expect(sectionOf(done, 'activity')).toContain('Connected GitHub')
    expect(await linkWrites()).toEqual(['link /api/v2/users/auth0|dee/identities'])
  })

  it('is deleted if the person asks for it, because this step created it', async () => {
    const dee = atPage()
    const confirm = await dee.prove(await dee.open('dee@example.com'), 'GitHub', NEW_GITHUB)
    const before = (await tenant.world()).users.length
    const done = await dee.browser.press(confirm, 'Cancel and delete it')
    expect(noticeOf(done)).toBe('Deleted.')
    expect((await tenant.world()).users).toHaveLength(before - 1)
    expect(await linkWrites()).toEqual([])
  })

  it('is not deleted if it has been used since', async () => {
    const dee = atPage()
    const confirm = await dee.prove(await dee.open('dee@example.com'), 'GitHub', NEW_GITHUB)
    const other = (await tenant.world()).users.find(({ email }) => email === 'dee@work.example')
    await tenant.administer('PATCH', other?.user_id ?? '', { user_metadata: { theme: 'dark' } })
    const done = await dee.browser.press(confirm, 'Cancel and delete it')
    expect(errorCode(done)).toBe('changed')
    expect(await tenant.user(other?.user_id ?? '')).toBeDefined()
  })

  it('continues to exist if the person cancels, and nothing is connected', async () => {
    const dee = atPage()
    const confirm = await dee.prove(await dee.open('dee@example.com'), 'GitHub', NEW_GITHUB)
    const done = await dee.browser.press(confirm, 'Cancel')
    expect(noticeOf(done)).toBe('Nothing has changed.')
    expect(methodsOf(done)).toHaveLength(1)
    expect(await linkWrites()).toEqual([])
  })
})

describe('an account that existed before', () => {
  it('has a confirmation that lists what is carried over and what is kept, and the link does exactly that', async () => {
    const ann = atPage()
    const confirm = await ann.prove(await ann.open('ann@example.com'), 'Google', 'ann@example.com')
    const effects = effectsOf(confirm)
    expect(effects).toContain('Copied to the account that stays: newsletter.')
    expect(effects).toContain('Saved in case you disconnect the accounts again: theme and 2 more details.')
    // The page says how many `app_metadata` fields there are, and does not name them.
    expect(effects).not.toContain('plan')
    expect(confirm.html.querySelectorAll('main button').map(({ text }) => text)).toEqual([
      'Connect',
      'Cancel',
    ])
    await ann.browser.press(confirm, 'Connect')
    const user = await tenant.user('auth0|ann')
    expect(user?.user_metadata).toEqual({ theme: 'dark', language: 'en', newsletter: true })
    const [snapshot] = Object.entries(user?.app_metadata ?? {}).flatMap(([key, value]) =>
      /^account_linking_\w{12}$/.test(key) ? [value] : [],
    )
    expect(snapshot).toMatchObject({
      user_id: 'google-oauth2|ann-g',
      proof: { way: 'settings', client_id: 'demo-app', client_name: 'Example Inc' },
      kept: { user_metadata: { theme: 'light' }, app_metadata: { plan: 'free' } },
    })
  })

  it('may have another email address', async () => {
    const dee = atPage()
    const done = await dee.connect(await dee.open('dee@example.com'), 'Google', 'bea@example.com')
    expect(noticeOf(done)).toMatch(/^Connected\./)
    expect(await identitiesOf(flow, 'auth0|dee')).toEqual(['auth0|dee', 'google-oauth2|bea-g'])
  })

  it('becomes the primary if the rule says so: the page announces a new sign-in and starts it after the link', async () => {
    const ann = atPage()
    const confirm = await ann.prove(
      await ann.open('ann@example.com', 'Google'),
      'Email and password',
      'ann@example.com',
    )
    expect(effectsOf(confirm)).toContain('You’ll sign in again afterwards.')
    const done = await ann.browser.press(confirm, 'Connect')
    expect(done.url.pathname).toBe(PAGE)
    expect(noticeOf(done)).toMatch(/^Connected\./)
    expect(methodsOf(done)[0]).toMatch(/^Email and password Main/)
    expect(await identitiesOf(flow, 'auth0|ann')).toEqual(['auth0|ann', 'google-oauth2|ann-g'])
  })

  it('has its further sign-in methods listed, and keeps them as the primary', async () => {
    await world({
      'google-oauth2|bea-g': {
        identities: [
          { provider: 'google-oauth2', user_id: 'bea-g', connection: 'google-oauth2' },
          {
            provider: 'email',
            user_id: 'bea-mail',
            connection: 'email',
            profileData: { email: 'x@example.com' },
          },
        ],
      },
    })
    const dee = atPage()
    const confirm = await dee.prove(await dee.open('dee@example.com'), 'Google', 'bea@example.com')
    const effects = effectsOf(confirm)
    expect(effects).toContain('Your “Google” account also opens with Email code.')
    expect(effects).toContain('Your “Google” account stays')
    await dee.browser.press(confirm, 'Connect')
    expect(await identitiesOf(flow, 'google-oauth2|bea-g')).toEqual([
      'google-oauth2|bea-g',
      'email|bea-mail',
      'auth0|dee',
    ])
  })

  it('is linked with its connection id if it is a database account, because there are two databases', async () => {
    const dee = atPage()
    await dee.connect(await dee.open('dee@example.com'), 'Email and password', 'eve@example.com')
    const link = (await tenant.ledger()).find(({ effect }) => effect === 'link')
    expect(link?.body).toMatchObject({ provider: 'auth0', connection_id: expect.stringMatching(/^con_/) })
  })
})

describe('an account that cannot be connected', () => {
  it('is one whose identity already belongs to another account: the page says so, and nothing is changed', async () => {
    await world({
      'auth0|bea': {
        identities: [
          { provider: 'auth0', user_id: 'bea', connection: 'Username-Password-Authentication' },
          {
            provider: 'github',
            user_id: '77',
            connection: 'github',
            profileData: { email: 'b@hub.example' },
          },
        ],
      },
    })
    const dee = atPage()
    const refused = await dee.prove(await dee.open('dee@example.com'), 'GitHub', 'b@hub.example')
    expect(errorCode(refused)).toBe('belongs_to_another')
    expect(refused.html.querySelectorAll('main button').map(({ text }) => text)).toEqual([])
    expect(await tenant.writes()).toEqual([])
  })

  it('is the account that the person is signed in to', async () => {
    const dee = atPage()
    const refused = await dee.prove(
      await dee.open('dee@example.com'),
      'Email and password',
      'dee@example.com',
    )
    expect(errorCode(refused)).toBe('same_account')
    expect(refused.html.querySelectorAll('main button').map(({ text }) => text)).toEqual(['Try again'])
  })

  it('is one with an unverified email address, which may belong to a stranger', async () => {
    const dee = atPage()
    const refused = await dee.prove(await dee.open('dee@example.com'), 'Email and password', 'cy@example.com')
    expect(errorCode(refused)).toBe('unverified')
    expect(await linkWrites()).toEqual([])
  })

  it('is one with a second factor that was not used; the next try asks for it', async () => {
    await tenant.options({ id_token: { amr: ['pwd'] } })
    const dee = atPage()
    const refused = await dee.prove(
      await dee.open('dee@example.com'),
      'Email and password',
      'fay@example.com',
    )
    expect(errorCode(refused)).toBe('mfa_required')
    await tenant.options({ id_token: {} })
    const confirm = await dee.signInAt(await dee.browser.press(refused, 'Try again'), 'fay@example.com')
    const asked = dee.browser.hops.filter(({ url }) => url.pathname === '/authorize').at(-1)?.url
    expect(asked?.searchParams.get('acr_values')).toMatch(/multi-factor$/)
    // The account with the second factor becomes the primary, so that the factor is not lost.
    await dee.browser.press(confirm, 'Connect')
    expect(await identitiesOf(flow, 'auth0|fay')).toEqual(['auth0|fay', 'auth0|dee'])
  })

  it('is one with several identities, if the current account has several, too', async () => {
    const further = (id: string) => ({ provider: 'email', user_id: id, connection: 'email' })
    await world({
      'auth0|dee': {
        identities: [
          { provider: 'auth0', user_id: 'dee', connection: 'Username-Password-Authentication' },
          further('d2'),
        ],
      },
      'google-oauth2|bea-g': {
        identities: [
          { provider: 'google-oauth2', user_id: 'bea-g', connection: 'google-oauth2' },
          further('b2'),
        ],
      },
    })
    const dee = atPage()
    const refused = await dee.prove(await dee.open('dee@example.com'), 'Google', 'bea@example.com')
    expect(errorCode(refused)).toBe('several_identities')
    expect(textOf(refused)).toContain('Google b••@example.com The account you used')
  })

  it.each([
    ['was blocked', (id: string) => tenant.administer('PATCH', id, { blocked: true }), 'blocked'],
    ['is gone', (id: string) => tenant.administer('DELETE', id), 'not_available'],
    [
      'holds too much',
      (id: string) => tenant.administer('PATCH', id, { user_metadata: { essay: 'x'.repeat(3200) } }),
      'metadata_too_large',
    ],
    [
      'changed what would be kept',
      (id: string) => tenant.administer('PATCH', id, { user_metadata: { shoe_size: 42 } }),
      'changed',
    ],
  ])('is one that %s between the confirmation page and its submission', async (_how, change, code) => {
    const dee = atPage()
    const confirm = await dee.prove(await dee.open('dee@example.com'), 'Google', 'bea@example.com')
    await change('google-oauth2|bea-g')
    const refused = await dee.browser.press(confirm, 'Connect')
    expect(errorCode(refused)).toBe(code)
    expect(await linkWrites()).toEqual([])
    if (code === 'changed') expect(refused.url.pathname).toBe(`${PAGE}/confirm`)
  })

  it('is one whose metadata does not fit into the other account: it is refused before the confirmation', async () => {
    await tenant.administer('PATCH', 'google-oauth2|bea-g', { app_metadata: { essay: 'x'.repeat(3200) } })
    const dee = atPage()
    const refused = await dee.prove(await dee.open('dee@example.com'), 'Google', 'bea@example.com')
    expect(errorCode(refused)).toBe('metadata_too_large')
    expect((await tenant.writes()).filter((write) => write.includes('auth0|dee'))).toEqual([])
  })

  it('is one of a connection that is in the form and not in the list', async () => {
    const dee = atPage()
    const page = await dee.open('dee@example.com')
    for (const connection of ['evil', '', 'Username-Password-Authentication&x=y']) {
      const refused = await dee.browser.send(page, 'GitHub', { connection })
      expect(errorCode(refused)).toBe('unknown_connection')
    }
    expect(dee.browser.hops.map(({ url }) => url.href).join()).not.toContain('evil')
  })
})

describe('a suggested account', () => {
  it('is found by its verified email address, and can be connected from the list', async () => {
    const bea = atPage()
    const login = await bea.browser.visit(`${demo.app}${PAGE}`)
    const prompt = await bea.signInAt(login, 'bea@example.com')
    // The login shows the prompt first. After “Not now”, the page lists the account among the declined ones.
    const back = await bea.browser.press(prompt, 'Not now')
    expect(sectionOf(back, 'declined')).toContain('Google')
    const done = await bea.connect(back, 'Connect', 'bea@example.com')
    expect(noticeOf(done)).toMatch(/^Connected\./)
  })

  it('is not connected if the person proves another account', async () => {
    const ida = atPage()
    const page = await ida.openWithSuggestion('ida@example.com')
    const refused = await ida.prove(page, 'Connect', 'bea@example.com')
    expect(errorCode(refused)).toBe('wrong_account')
    expect(textOf(refused)).toContain('Google b••@example.com The account you used')
    expect(refused.html.querySelector('a[href*="/v2/logout"]')?.text).toBe('Sign out of that account')
    expect(await linkWrites()).toEqual([])
    // At the next try, the person proves the suggested account.
    const confirm = await ida.signInAt(await ida.browser.press(refused, 'Try again'), 'ida@example.com')
    expect(noticeOf(await ida.browser.press(confirm, 'Connect'))).toMatch(/^Connected\./)
  })

  it('costs one lookup in ten minutes', async () => {
    const ivy = { provider: 'auth0', user_id: 'ivy', connection: 'Username-Password-Authentication' }
    const named = { user_id: 'auth0|ivy', email: 'ivy@example.com', email_verified: true, identities: [ivy] }
    await world({}, { ...named, password: 'correct horse' })
    const page = atPage()
    await page.open('ivy@example.com')
    const before = await tenant.calls()
    await page.view()
    await page.view()
    expect(before.filter((call) => call.includes('users-by-email'))).toHaveLength(2)
    expect((await tenant.calls()).slice(before.length)).toEqual([
      'GET /api/v2/users/auth0|ivy 200',
      'GET /api/v2/users/auth0|ivy 200',
    ])
  })

  it('is not offered after “Not mine”, here or at a login, until the person takes that back', async () => {
    const ann = atPage()
    const page = await ann.open('ann@example.com')
    expect(sectionOf(page, 'declined')).toContain('Ask me again')
    const back = await ann.browser.press(page, 'Ask me again')
    expect(noticeOf(back)).toContain('when you sign in')
    expect(sectionOf(back, 'suggestions')).toContain('Google')
    expect((await flow.signIn(new FlowBrowser(), 'ann@example.com')).url.pathname).toBe('/link/prompt')

    const no = await ann.browser.press(back, 'Not mine')
    expect(sectionOf(no, 'suggestions')).toBe('')
    expect(sectionOf(no, 'declined')).toContain('Google')
    expect((await flow.signIn(new FlowBrowser(), 'ann@example.com')).url.pathname).toBe('/callback')
  })
})

describe('an old sign-in', () => {
  const openLongAgo = async (email: string) => {
    const someone = atPage()
    await tenant.clock(-15 * 60)
    const page = await someone.open(email)
    await tenant.clock(0)
    return { someone, page }
  }

  it('is renewed first, with the same account, and then the step continues by itself', async () => {
    const { someone, page } = await openLongAgo('dee@example.com')
    expect(textOf(page)).toContain('you’ll sign in to this account again first')
    const first = await someone.browser.press(page, 'GitHub')
    expect(first.url.pathname).toBe('/u/login')
    const provider = await someone.signInAt(first, 'dee@example.com')
    expect(provider.url.pathname).toBe('/u/identity-provider')
    const confirm = await someone.signInAt(provider, NEW_GITHUB)
    expect(noticeOf(await someone.browser.press(confirm, 'Connect'))).toMatch(/^Connected\./)
  })

  it('is not renewed by another account: the session still belongs to the first', async () => {
    const { someone, page } = await openLongAgo('dee@example.com')
    const refused = await someone.signInAt(await someone.browser.press(page, 'GitHub'), 'eve@example.com')
    expect(errorCode(refused)).toBe('wrong_account')
    expect(methodsOf(await someone.view())[0]).toContain('dee@example.com')
  })
})

describe('the same step twice', () => {
  it('is done once if the form is sent ten times at once', async () => {
    const dee = atPage()
    const confirm = await dee.prove(await dee.open('dee@example.com'), 'GitHub', NEW_GITHUB)
    const browsers = await Promise.all(Array.from({ length: 10 }, () => dee.browser.copy()))
    const answers = await Promise.all(browsers.map((browser) => browser.press(confirm, 'Connect')))
    const said = answers.map((answer) => noticeOf(answer).split('.')[0] || errorCode(answer))
    expect(said.filter((text) => text === 'Connected')).toHaveLength(1)
    // On a slow machine, the last ones wait longer for their turn than a request may, and are refused.
    const later = said.filter((text) => text !== 'Connected' && text !== 'busy')
    expect(new Set(later)).toEqual(new Set(['This sign-in method is already connected']))
    expect(await linkWrites()).toHaveLength(1)
  })

  it('says that it was done, if the person goes back to the page', async () => {
    const dee = atPage()
    const confirm = await dee.prove(await dee.open('dee@example.com'), 'GitHub', NEW_GITHUB)
    await dee.browser.press(confirm, 'Connect')
    expect(noticeOf(await dee.browser.press(confirm, 'Connect'))).toMatch(
      /^This sign-in method is already connected/,
    )
    expect(await linkWrites()).toHaveLength(1)
  })

  it('does not connect an account again that was disconnected meanwhile', async () => {
    const dee = atPage()
    const confirm = await dee.prove(await dee.open('dee@example.com'), 'GitHub', NEW_GITHUB)
    const other = await dee.browser.copy()
    await dee.disconnect(await dee.browser.press(confirm, 'Connect'), 'Undo')
    // Put the deleted cookie with the proof back, as if a second tab still held it.
    for (const { key, value } of await appCookies(other, demo.app, 'connect_'))
      await putAppCookie(dee.browser, demo.app, key, value)
    const refused = await dee.browser.press(confirm, 'Connect')
    expect(errorCode(refused)).toBe('already_used')
    expect(await linkWrites()).toHaveLength(1)
  })

  it('leads to the same confirmation if the tenant’s callback arrives ten times', async () => {
    const dee = atPage()
    const provider = await dee.browser.press(await dee.open('dee@example.com'), 'GitHub')
    const { url } = await dee.browser.press(
      provider,
      'Continue',
      { 'Email address': 'dee@work.example', Name: 'Dee' },
      { stopAt: `${demo.app}${PAGE}/callback` },
    )
    const first = await dee.browser.visit(url)
    const tokens = (await tenant.calls(/^\/oauth\/token$/)).length
    const others = await Promise.all(Array.from({ length: 9 }, () => dee.browser.visit(url)))
    for (const answer of others) expect(answer.url.href).toBe(first.url.href)
    expect(first.url.pathname).toBe(`${PAGE}/confirm`)
    expect(await tenant.calls(/^\/oauth\/token$/)).toHaveLength(tokens)
  })
})

describe('a flow', () => {
  it('belongs to one browser: a callback that arrives in another one proves nothing', async () => {
    const mallory = atPage()
    const provider = await mallory.browser.press(await mallory.open('eve@example.com'), 'GitHub')
    const { url } = await mallory.browser.press(
      provider,
      'Continue',
      { 'Email address': 'mallory@work.example', Name: 'M' },
      { stopAt: `${demo.app}${PAGE}/callback` },
    )
    const victim = atPage()
    await victim.open('dee@example.com')
    const tokens = (await tenant.calls(/^\/oauth\/token$/)).length
    expect(errorCode(await victim.browser.visit(url))).toBe('no_flow')
    expect(errorCode(await new FlowBrowser().visit(url))).toBe('no_flow')
    expect(await tenant.calls(/^\/oauth\/token$/)).toHaveLength(tokens)
  })

  it('belongs to one person: another person who signs in with the same browser cannot use it', async () => {
    const dee = atPage()
    const confirm = await dee.prove(await dee.open('dee@example.com'), 'GitHub', NEW_GITHUB)
    await dee.browser.visit(`${demo.app}/auth/logout`)
    await dee.open('eve@example.com')
    expect(errorCode(await dee.browser.press(confirm, 'Connect'))).toBe('no_flow')
    expect(await linkWrites()).toEqual([])
  })

  it('is bound to the account that it proved: a form that names another flow or another account links nothing else', async () => {
    const dee = atPage()
    const confirm = await dee.prove(await dee.open('dee@example.com'), 'GitHub', NEW_GITHUB)
    const fields = fieldsOf(formOf(confirm, 'Connect'))
    for (const changed of [
      { flow: '0'.repeat(16) },
      { agreed: 'x' },
      { agreed: undefined },
      { flow: undefined },
    ]) {
      const refused = await dee.browser.send(confirm, 'Connect', changed)
      expect(['no_flow', 'changed']).toContain(errorCode(refused))
    }
    expect(await linkWrites()).toEqual([])
    const extra = { user_id: 'auth0|eve', primary: 'auth0|eve', provider: 'auth0', ...fields }
    await dee.browser.send(confirm, 'Connect', extra)
    expect(await linkWrites()).toEqual(['link /api/v2/users/auth0|dee/identities'])
  })

  it('shows an error page if the person cancelled the sign-in', async () => {
    const dee = atPage()
    const provider = await dee.browser.press(await dee.open('dee@example.com'), 'GitHub')
    const state = dee.browser.hops.at(-2)?.url.searchParams.get('state') ?? ''
    const asked = dee.browser.hops.filter(({ url }) => url.pathname === '/authorize').at(-1)?.url
    expect(provider.url.pathname).toBe('/u/identity-provider')
    const callback = `${demo.app}${PAGE}/callback?error=access_denied&state=${asked?.searchParams.get('state') ?? state}`
    expect(errorCode(await dee.browser.visit(callback))).toBe('sign_in_failed')
  })
})
