import { beforeEach, describe, expect, it } from 'vitest'
import type { Visit } from '../support/browser/browser'
import { FlowBrowser } from '../support/browser/flow-browser'
import { addFactor } from '../support/flow/add-factor'
import { BUTTONS, claimsOf, errorCode, proveAccount, textOf } from '../support/flow/flow'
import { ownDemo } from '../support/flow/own-demo'
import { actionFixture } from '../support/tenant/tenant'

const TRUSTED = { TRUSTED_CONNECTIONS: 'auth0,google-oauth2,github,samlp' }
const SAML_GIL = 'samlp|acme-saml|gil|grant@acme.example'
const withGoogle = { with: 'google-oauth2' }

/** Hops to `/link` so far. The first opens the flow, a later one belongs to the second authorization. */
const arrivals = ({ hops }: FlowBrowser) => hops.filter(({ url }) => url.pathname === '/link')

describe.each(['documented-2021', 'documented-2026'])('an Action written to the contract of %s', (name) => {
  const own = ownDemo({ actions: [actionFixture(name)], env: TRUSTED })
  const knowsAddress = name === 'documented-2026'

  /** These session tokens have no `jti` and differ only in their second, so each login has to start in another second. */
  let second = 0
  const nextSecond = () => own.flow.tenant.clock(++second)
  beforeEach(nextSecond)

  /** Presses "Link accounts" and signs in through another connection than the one asked for. */
  async function proveElsewhere(
    browser: FlowBrowser,
    prompt: Visit,
    connection: string,
    email: string,
  ): Promise<Visit> {
    const { url } = await browser.press(
      prompt,
      BUTTONS.link,
      {},
      { stopAt: `${own.flow.demo.tenant}/authorize` },
    )
    url.searchParams.set('connection', connection)
    await nextSecond()
    return proveAccount(browser, await browser.visit(url), email)
  }

  it('links Ann’s accounts: the one that was found stays', async () => {
    const { flow } = own
    const browser = new FlowBrowser()
    const prompt = await flow.signIn(browser, 'ann@example.com', withGoogle)
    expect(prompt.url.pathname).toBe('/link/prompt')
    expect(textOf(prompt).includes('ann@example.com')).toBe(knowsAddress)
    expect(textOf(prompt)).toContain('Your “Email and password” account stays')
    expect(textOf(prompt)).not.toContain('saved detail')
    // This contract cannot store “Don’t ask again”.
    expect(prompt.html.querySelectorAll('main button').map(({ text }) => text)).not.toContain(BUTTONS.never)
    const confirm = await flow.prove(browser, prompt, 'ann@example.com')
    expect(claimsOf(await browser.press(confirm, BUTTONS.link)).sub).toBe('auth0|ann')
    expect((await flow.tenant.user('auth0|ann'))?.identities).toHaveLength(2)
  })

  it('links nothing if the secondary account holds rights that a link would lose, and lets the login go on', async () => {
    const { flow } = own
    const browser = new FlowBrowser()
    const prompt = await flow.signIn(browser, 'ivo@example.com', withGoogle)
    const refused = await flow.prove(browser, prompt, 'ivo@example.com')
    expect(errorCode(refused)).toBe('not_linkable_here')
    expect(claimsOf(await browser.press(refused, BUTTONS.goOn)).sub).toBe('google-oauth2|ivo-g')
    expect((await flow.tenant.user('auth0|ivo'))?.identities).toHaveLength(1)
  })

  it.each([
    ['auth0|ann', 'the account that was found'],
    ['google-oauth2|ann-g', 'the account that logs in'],
  ])('links nothing if %s has a second factor that was not used (%s)', async (id) => {
    const { flow } = own
    await addFactor(flow, id)
    await flow.tenant.options({ id_token: { amr: ['pwd'] } })
    const browser = new FlowBrowser()
    const prompt = await flow.signIn(browser, 'ann@example.com', withGoogle)
    const refused = await flow.prove(browser, prompt, 'ann@example.com')
    expect(errorCode(refused)).toBe('not_linkable_here')
    expect((await flow.tenant.user('auth0|ann'))?.identities).toHaveLength(1)
  })

  it('confirms an account that was proven with its second factor', async () => {
    const { flow } = own
    await addFactor(flow, 'auth0|ann')
    const browser = new FlowBrowser()
    const prompt = await flow.signIn(browser, 'ann@example.com', withGoogle)
    const confirm = await flow.prove(browser, prompt, 'ann@example.com')
    expect(errorCode(confirm)).toBeUndefined()
    expect(confirm.url.pathname).toBe('/link/confirm')
  })

  it('reads the accounts once, however often the confirmation is viewed', async () => {
    const { flow } = own
    const browser = new FlowBrowser()
    const prompt = await flow.signIn(browser, 'ann@example.com', withGoogle)
    const confirm = await flow.prove(browser, prompt, 'ann@example.com')
    const before = (await flow.tenant.calls()).length
    const again = await browser.visit(confirm.url)
    expect(again.url.pathname).toBe('/link/confirm')
    expect(await flow.tenant.calls()).toHaveLength(before)
  })

  it('also runs in the second authorization, which the service sends on once without a prompt', async () => {
    const { flow } = own
    const browser = new FlowBrowser()
    const confirm = await flow.prove(
      browser,
      await flow.signIn(browser, 'ann@example.com', withGoogle),
      'ann@example.com',
    )
    expect(confirm.url.pathname).toBe('/link/confirm')
    const [, nested] = arrivals(browser)
    expect(arrivals(browser)).toHaveLength(2)
    expect(nested?.status).toBe(303)
    expect(nested?.headers.get('location')).toContain(`${flow.demo.tenant}/continue?`)
    expect(await flow.tenant.writes()).toEqual([])
  })

  it('lets the login go on after “Not now”, and asks again next time, because it stores no decline', async () => {
    const { flow } = own
    const browser = new FlowBrowser()
    const prompt = await flow.signIn(browser, 'ann@example.com', withGoogle)
    expect(claimsOf(await browser.press(prompt, BUTTONS.notNow)).sub).toBe('google-oauth2|ann-g')
    expect(await flow.tenant.writes()).toEqual([])
    await nextSecond()
    const again = await flow.signIn(new FlowBrowser(), 'ann@example.com', withGoogle)
    expect(again.url.pathname).toBe('/link/prompt')
  })

  it('needs one more click to the page about a wrong account if that account has candidates, too', async () => {
    const { flow } = own
    const browser = new FlowBrowser()
    const prompt = await flow.signIn(browser, 'ann@example.com', withGoogle)
    const another = await flow.prove(browser, prompt, 'bea@example.com')
    expect([another.url.pathname, textOf(another)]).toEqual([
      '/link',
      expect.stringContaining('Email and password'),
    ])
    const page = await browser.press(another, BUTTONS.goOn)
    expect(errorCode(page)).toBe('wrong_account')
    expect(arrivals(browser)).toHaveLength(2)
    expect(claimsOf(await browser.press(page, BUTTONS.goOn)).sub).toBe('google-oauth2|ann-g')
    expect(await flow.tenant.writes()).toEqual([])
  })

  it('lets the person try again after a wrong account, and the service sends the authorization on once more', async () => {
    const { flow } = own
    const browser = new FlowBrowser()
    const prompt = await flow.signIn(browser, 'ann@example.com', withGoogle)
    const page = await browser.press(await flow.prove(browser, prompt, 'bea@example.com'), BUTTONS.goOn)
    await nextSecond()
    const form = await browser.press(page, BUTTONS.tryAgain)
    const confirm = await proveAccount(browser, form, 'ann@example.com')
    expect(arrivals(browser)).toHaveLength(3)
    expect(claimsOf(await browser.press(confirm, BUTTONS.link)).sub).toBe('auth0|ann')
  })

  it('leads a second sign-in to the current account to the page about that', async () => {
    const { flow } = own
    const browser = new FlowBrowser()
    const prompt = await flow.signIn(browser, 'ann@example.com', withGoogle)
    const page = await proveElsewhere(browser, prompt, 'google-oauth2', 'ann@example.com')
    expect(errorCode(page)).toBe('same_account')
    expect(claimsOf(await browser.press(page, BUTTONS.goOn)).sub).toBe('google-oauth2|ann-g')
  })

  it('has only one authorization sent on without a prompt: a further login in the browser gets its own prompt', async () => {
    const { flow } = own
    const browser = new FlowBrowser()
    const prompt = await flow.signIn(browser, 'ann@example.com', withGoogle)
    const start = await browser.press(prompt, BUTTONS.link, {}, { stopAt: `${flow.demo.tenant}/authorize` })
    const form = await browser.visit(start.url)
    await browser.press(
      form,
      'Continue',
      { 'Email address': 'ann@example.com', Password: 'correct horse' },
      { stopAt: `${flow.demo.app}/link/callback` },
    )
    const other = await flow.signIn(browser, 'bea@example.com', {
      with: 'github',
      query: { prompt: 'login' },
    })
    expect(other.url.pathname).toBe('/link/prompt')
    expect(textOf(other)).toContain(`GitHub ${knowsAddress ? 'bea@example.com ' : ''}Signing in now`)
  })

  it('links an account whose user id has several bars', async () => {
    const { flow } = own
    const browser = new FlowBrowser()
    const prompt = await flow.signIn(browser, 'gil@example.com', { with: 'acme-saml' })
    const confirm = await flow.prove(browser, prompt, 'gil@example.com')
    const done = claimsOf(await browser.press(confirm, BUTTONS.link))
    // The Action of 2026 cuts the secondary's id at its second bar, so the service makes that account the primary.
    const stays = knowsAddress ? SAML_GIL : 'auth0|gil'
    expect(done.sub).toBe(stays)
    const ids = (await flow.tenant.user(stays))?.identities.map(({ user_id }) => user_id)
    expect(ids?.sort()).toEqual(['acme-saml|gil|grant@acme.example', 'gil'])
  })

  it('gets a response token at once if the only other account has a connection that is not trusted', async () => {
    const { flow } = own
    const { users } = await flow.tenant.world()
    await flow.tenant.reset({
      users: users.map((user) =>
        user.user_id === 'email|hal' ? { ...user, email: 'dee@example.com' } : user,
      ),
    })
    const browser = new FlowBrowser()
    const done = await flow.signIn(browser, 'dee@example.com')
    expect(arrivals(browser).map(({ status }) => status)).toEqual([303])
    expect(claimsOf(done).sub).toBe('auth0|dee')
  })
})

describe('an Action that cuts ids at their second bar, and two accounts whose ids both have two', () => {
  const own = ownDemo({ actions: [actionFixture('documented-2026')], env: TRUSTED })

  it('cannot link them: the page says so, and the login goes on', async () => {
    const { flow } = own
    const { users } = await flow.tenant.world()
    const gils = users.filter(({ user_id }) => user_id === SAML_GIL)
    await flow.tenant.reset({
      users: [
        ...gils,
        ...gils.map((gil) => ({ ...gil, user_id: 'samlp|acme-saml|g|2', identities: undefined })),
      ],
    })
    const browser = new FlowBrowser()
    const page = await flow.signIn(browser, 'gil@example.com', { with: 'acme-saml' })
    expect(errorCode(page)).toBe('not_linkable_here')
    expect(claimsOf(await browser.press(page, BUTTONS.goOn)).sub).toMatch(/^samlp\|acme-saml\|/)
    expect(await flow.tenant.writes()).toEqual([])
  })
})
