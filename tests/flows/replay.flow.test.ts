import { beforeEach, describe, expect, inject, it } from 'vitest'
import { appCookies } from '../support/browser/app-cookies'
import { FlowBrowser } from '../support/browser/flow-browser'
import { BUTTONS, claimsOf, errorCode, Flow } from '../support/flow/flow'

const flow = new Flow(inject('flowDemo'))
const { tenant, demo } = flow
beforeEach(() => tenant.reset())

/** The URL of `/link`, with the session token, to which the tenant redirected the browser. */
const arrivalOf = (browser: FlowBrowser) =>
  browser.hops.find(({ url }) => url.pathname === '/link')?.url.href ?? 'none'

/** The URL with other spellings of its token, all of which decode to the same signature bytes. */
function spellings(address: string): string[] {
  const token = new URL(address).searchParams.get('session_token') ?? ''
  const last = token.at(-1) ?? ''
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  // The last character of a signature has two unused bits.
  const sibling = alphabet[alphabet.indexOf(last) ^ 1] ?? ''
  const cut = token.lastIndexOf('.') + 1
  const otherAlphabet = token.slice(0, cut) + token.slice(cut).replace(/-/g, '+').replace(/_/g, '/')
  return [`${token}=`, `${token}\n`, `${token} `, token.slice(0, -1) + sibling, otherAlphabet].map((text) =>
    address.replace(encodeURIComponent(token), encodeURIComponent(text)),
  )
}

describe('the URL with a session token', () => {
  it('A31 cannot be used again after its flow is finished', async () => {
    const browser = new FlowBrowser()
    await browser.press(await flow.annAtConfirm(browser), BUTTONS.link)
    const writes = await tenant.writes()
    expect(errorCode(await browser.visit(arrivalOf(browser)))).toBe('already_used')
    expect(await tenant.writes()).toEqual(writes)
  })

  it('A32 cannot be used with another spelling of its token, during the flow or after it', async () => {
    const browser = new FlowBrowser()
    const prompt = await flow.annAtPrompt(browser)
    const others = spellings(arrivalOf(browser))
    expect(others).toHaveLength(5)
    for (const address of others) {
      const page = await new FlowBrowser().visit(address)
      expect(['already_used', 'bad_token']).toContain(errorCode(page))
    }
    await browser.press(await flow.prove(browser, prompt, 'ann@example.com'), BUTTONS.link)
    for (const address of others) {
      const page = await browser.visit(address)
      expect(['already_used', 'bad_token']).toContain(errorCode(page))
    }
  })

  it('A33 cannot be used in another browser, and the first one can continue', async () => {
    const browser = new FlowBrowser()
    const prompt = await flow.annAtPrompt(browser)
    expect(errorCode(await new FlowBrowser().visit(arrivalOf(browser)))).toBe('already_used')
    const confirm = await flow.prove(browser, prompt, 'ann@example.com')
    expect(claimsOf(await browser.press(confirm, BUTTONS.link)).sub).toBe('auth0|ann')
  })

  it('A34 can be reloaded while its flow is open, and leads to the same prompt of the same flow', async () => {
    const browser = new FlowBrowser()
    const prompt = await flow.annAtPrompt(browser)
    for (let count = 0; count < 3; count += 1)
      expect((await browser.visit(arrivalOf(browser))).url.href).toBe(prompt.url.href)
    expect(await appCookies(browser, demo.app, 'link_')).toHaveLength(1)
  })

  it.each([
    ['HEAD', { method: 'HEAD' }],
    ['Sec-Purpose', { headers: { 'sec-purpose': 'prefetch' } }],
    ['Purpose', { headers: { purpose: 'prefetch' } }],
    ['a link preview', { headers: { 'user-agent': 'Slackbot-LinkExpanding 1.0' } }],
  ])('A35 is not used up by a program: %s', async (_what, options) => {
    const browser = new FlowBrowser()
    const { url } = await flow.hold(browser, 'ann@example.com', { with: 'google-oauth2' })
    await fetch(url, { redirect: 'manual', ...options })
    expect((await browser.visit(url)).url.pathname).toBe('/link/prompt')
  })
})

describe('a finished flow', () => {
  it('cannot be finished again, by its form or by a cookie that was kept', async () => {
    const browser = new FlowBrowser()
    const confirm = await flow.annAtConfirm(browser)
    const kept = await browser.copy()
    await browser.press(confirm, BUTTONS.link)
    const writes = await tenant.writes()
    expect(errorCode(await browser.press(confirm, BUTTONS.link))).toBe('already_used')
    expect(errorCode(await kept.press(confirm, BUTTONS.link))).toBe('already_used')
    expect(errorCode(await kept.visit(confirm.url))).toBe('already_used')
    expect(errorCode(await kept.visit(confirm.url.href.replace('confirm', 'prompt')))).toBe('already_used')
    expect(await tenant.writes()).toEqual(writes)
  })

  it('is finished once if its button is pressed ten times at once', async () => {
    const browser = new FlowBrowser()
    const confirm = await flow.annAtConfirm(browser)
    const pages = await Promise.all(
      Array.from({ length: 10 }, () => browser.press(confirm, BUTTONS.link, {}, { stopAt: demo.tenant })),
    )
    expect(pages.filter(({ status }) => status === 307)).toHaveLength(1)
    expect(pages.filter((page) => errorCode(page) === 'already_used')).toHaveLength(9)
  })

  it('lets a person continue who pressed again because the first response was lost', async () => {
    const browser = new FlowBrowser()
    const confirm = await flow.annAtConfirm(browser)
    await browser.press(confirm, BUTTONS.link, {}, { stopAt: demo.tenant })
    const page = await browser.press(confirm, BUTTONS.link)
    expect(errorCode(page)).toBe('already_used')
    const done = await browser.press(page, 'Continue signing in')
    expect(claimsOf(done).sub).toBe('auth0|ann')
    expect((await tenant.writes()).filter((write) => write.startsWith('link'))).toHaveLength(1)
  })

  it('H05 shows a page that says so to a person who goes back', async () => {
    const browser = new FlowBrowser()
    const prompt = await flow.annAtPrompt(browser)
    await browser.press(await flow.prove(browser, prompt, 'ann@example.com'), BUTTONS.link)
    for (const address of [prompt.url.href, prompt.url.href.replace('prompt', 'confirm')])
      expect(errorCode(await browser.visit(address))).toBe('already_used')
  })
})
