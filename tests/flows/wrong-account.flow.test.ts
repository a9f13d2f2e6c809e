import { beforeEach, describe, expect, inject, it } from 'vitest'
import type { Visit } from '../support/browser/browser'
import { FlowBrowser } from '../support/browser/flow-browser'
import { BUTTONS, choiceOf, claimsOf, errorCode, Flow, textOf } from '../support/flow/flow'

const flow = new Flow(inject('flowDemo'))
const { tenant, demo } = flow
beforeEach(() => tenant.reset())

/** Signs Ann in with her password. For her Google account she then signs in to another person's one. */
async function wrongAtGoogle(browser: FlowBrowser, email = 'dora@example.com'): Promise<Visit> {
  const provider = await browser.press(await flow.signIn(browser, 'ann@example.com'), BUTTONS.link)
  return browser.press(provider, 'Continue', { 'Email address': email, Name: 'Dora Dale' })
}

const signOutOf = ({ html }: Visit) =>
  html
    .querySelectorAll('a')
    .find(({ text }) => text === 'Sign out of that account')
    ?.getAttribute('href') ?? 'none'

describe('a wrong account', () => {
  it('is shown, masked, beside the chosen one, and nothing is linked', async () => {
    const page = await wrongAtGoogle(new FlowBrowser())
    expect(errorCode(page)).toBe('wrong_account')
    expect(page.url.pathname).toBe('/link/wrong-account')
    expect(textOf(page)).toContain('Google d••@example.com The account you used')
    expect(textOf(page)).toContain('Google ann@example.com The account we asked for')
    expect(page.html.toString()).not.toContain('dora@example.com')
    expect((await tenant.writes()).filter((write) => !write.startsWith('create'))).toEqual([])
  })

  it('leads to the list of accounts of a social provider for the next try', async () => {
    const browser = new FlowBrowser()
    const again = await browser.press(await wrongAtGoogle(browser), BUTTONS.tryAgain)
    const asked = browser.hops.filter(({ url }) => url.pathname === '/authorize').at(-1)
    expect(asked?.url.searchParams.get('prompt')).toBe('select_account')
    const confirm = await browser.press(again, 'ann@example.com')
    expect(claimsOf(await browser.press(confirm, BUTTONS.link)).sub).toBe('auth0|ann')
  })

  it('leads back to the login form for the next try if the chosen account has a password', async () => {
    const browser = new FlowBrowser()
    const page = await flow.prove(browser, await flow.annAtPrompt(browser), 'dee@example.com')
    expect(errorCode(page)).toBe('wrong_account')
    await browser.press(page, BUTTONS.tryAgain)
    const asked = browser.hops.filter(({ url }) => url.pathname === '/authorize').at(-1)
    expect(asked?.url.searchParams.get('prompt')).toBe('login')
  })

  it('lets the login go on without linking', async () => {
    const browser = new FlowBrowser()
    const done = await browser.press(await wrongAtGoogle(browser), BUTTONS.goOn)
    expect(claimsOf(done).sub).toBe('auth0|ann')
    expect((await tenant.user('auth0|ann'))?.identities).toHaveLength(1)
  })

  it('can be signed out of at the tenant, which then returns to the prompt', async () => {
    const browser = new FlowBrowser()
    const back = await browser.visit(signOutOf(await wrongAtGoogle(browser)))
    expect(`${back.url.origin}${back.url.pathname}`).toBe(`${demo.app}/link/prompt`)
    expect(browser.hops.at(-2)?.url.origin).toBe(demo.tenant)
    const provider = await browser.press(back, BUTTONS.link)
    expect(provider.url.pathname).toBe('/u/identity-provider')
    const confirm = await browser.press(provider, 'ann@example.com')
    expect(claimsOf(await browser.press(confirm, BUTTONS.link)).sub).toBe('auth0|ann')
  })

  it('can also be signed out of at the prompt afterwards', async () => {
    const browser = new FlowBrowser()
    const page = await wrongAtGoogle(browser)
    const prompt = await browser.visit(page.url.href.replace('wrong-account', 'prompt'))
    expect(signOutOf(prompt)).toContain(`${demo.tenant}/v2/logout`)
    expect(claimsOf(await browser.press(prompt, BUTTONS.notNow)).sub).toBe('auth0|ann')
  })

  it('can also be a candidate other than the chosen one', async () => {
    const browser = new FlowBrowser()
    const prompt = await flow.signIn(browser, 'bea@example.com')
    // Bea's GitHub account was offered as well, but she chose to prove her Google account.
    const start = await browser.send(
      prompt,
      BUTTONS.link,
      { candidate: choiceOf(prompt, 'Google') },
      { stopAt: `${demo.tenant}/authorize` },
    )
    start.url.searchParams.set('connection', 'github')
    const page = await browser.press(await browser.visit(start.url), 'bea@example.com')
    expect(errorCode(page)).toBe('wrong_account')
    expect(textOf(page)).toMatch(/GitHub \S+ The account you used/)
    expect(await tenant.writes()).toEqual([])
  })

  it('can be one that was just created with the same address', async () => {
    const browser = new FlowBrowser()
    const prompt = await flow.signIn(browser, 'ann@example.com')
    const start = await browser.press(prompt, BUTTONS.link, {}, { stopAt: `${demo.tenant}/authorize` })
    start.url.searchParams.set('connection', 'github')
    const page = await browser.press(await browser.visit(start.url), 'Continue', {
      'Email address': 'ann@example.com',
      Name: 'Ann Archer',
    })
    expect(errorCode(page)).toBe('wrong_account')
  })
})

describe('a second sign-in to the current account', () => {
  it('is refused as already in use, and the person can try again or go on without a link', async () => {
    const browser = new FlowBrowser()
    const prompt = await flow.signIn(browser, 'ann@example.com')
    const start = await browser.press(prompt, BUTTONS.link, {}, { stopAt: `${demo.tenant}/authorize` })
    start.url.searchParams.delete('connection')
    const form = await browser.visit(start.url)
    const page = await browser.press(form, 'Continue', {
      'Email address': 'ann@example.com',
      Password: 'correct horse',
    })
    expect(errorCode(page)).toBe('same_account')
    expect(page.html.querySelectorAll('main button').map(({ text }) => text)).toEqual([
      BUTTONS.tryAgain,
      BUTTONS.goOn,
    ])
    expect(signOutOf(page)).toBe('none')
    expect(claimsOf(await browser.press(page, BUTTONS.goOn)).sub).toBe('auth0|ann')
  })
})
