import { beforeEach, describe, expect, inject, it } from 'vitest'
import type { Visit } from '../support/browser/browser'
import { FlowBrowser, fieldsOf, formOf } from '../support/browser/flow-browser'
import { ageFlow } from '../support/browser/flow-cookie'
import { answerOf, BUTTONS, claimsOf, errorCode, Flow, textOf } from '../support/flow/flow'

const flow = new Flow(inject('flowDemo'))
const { tenant, demo } = flow
beforeEach(() => tenant.reset())

const now = () => Math.floor(Date.now() / 1000)
const linksOf = ({ html }: Visit) => html.querySelectorAll('a').map((link) => link.getAttribute('href'))

/** Fails unless the page is an error page with this code, whose button ends the login without a link. */
async function expectEndWithoutLink(browser: FlowBrowser, page: Visit, code: string) {
  expect(errorCode(page)).toBe(code)
  expect(textOf(page)).toMatch(/Reference number: [2-9A-Z]{8}/)
  expect(linksOf(page)).toContain(demo.env.SUPPORT_URL)
  const done = await browser.press(page, BUTTONS.goOn)
  expect(claimsOf(done).sub).toBe('google-oauth2|ann-g')
  expect(await tenant.writes()).toEqual([])
}

async function heldAnn() {
  const browser = new FlowBrowser()
  return { browser, held: await flow.hold(browser, 'ann@example.com', { with: 'google-oauth2' }) }
}

describe('a genuine token that is refused', () => {
  it.each<[string, string, () => Record<string, unknown>]>([
    ['A13 has expired', 'expired', () => ({ iat: now() - 130, exp: now() - 10 })],
    ['A13 has expired half an hour ago', 'expired', () => ({ iat: now() - 1900, exp: now() - 1780 })],
    ['A17 is valid for too long', 'bad_token', () => ({ exp: now() + 901 })],
    ['A18 is not valid yet', 'clock', () => ({ nbf: now() + 600 })],
    [
      'A21 is about someone else',
      'bad_token',
      () => ({ current_identity: { user_id: 'auth0|x', provider: 'auth0', connection: 'x' } }),
    ],
    ['A22 has no list of candidates', 'bad_token', () => ({ candidate_identities: 'auth0|ann' })],
  ])('%s: the login can go on from the page that says so', async (_row, code, over) => {
    const { browser, held } = await heldAnn()
    const token = await tenant.mint({ ...held.claims, ...over() })
    await expectEndWithoutLink(browser, await browser.visit(flow.linkUrl(token, held.state)), code)
  })

  it('was already used: the login can go on', async () => {
    const { browser, held } = await heldAnn()
    await new FlowBrowser().visit(held.url)
    await expectEndWithoutLink(browser, await browser.visit(held.url), 'already_used')
  })

  it('was made over an hour ago: the page offers only a new sign-in', async () => {
    const { browser, held } = await heldAnn()
    const token = await tenant.mint({ ...held.claims, iat: now() - 3700, exp: now() - 3580 })
    const page = await browser.visit(flow.linkUrl(token, held.state))
    expect(errorCode(page)).toBe('bad_token')
    expect(page.html.querySelectorAll('form')).toEqual([])
    expect(linksOf(page)).toContain(demo.env.RESTART_URL)
  })
})

describe('an error page in an open flow lets the login go on after', () => {
  it.each<[string, string, (browser: FlowBrowser, prompt: Visit) => Promise<Visit>]>([
    [
      'a form of another page',
      'csrf',
      (browser, prompt) => browser.send(prompt, BUTTONS.link, { csrf: 'other' }),
    ],
    [
      'an unreadable form',
      'bad_request',
      (browser) =>
        browser.visit(`${demo.app}/link/finish`, {
          method: 'POST',
          body: {},
          headers: { 'content-type': 'text/plain' },
        }),
    ],
    [
      'a response token that is not ours',
      'bad_token',
      (browser, prompt) => browser.send(prompt, BUTTONS.notNow, { session_token: 'x.y.z' }),
    ],
    ['a token that is not ours', 'bad_token', (browser) => browser.visit(flow.linkUrl('x.y.z', 'st'))],
    ['a path that does not exist', 'not_found', (browser) => browser.visit(`${demo.app}/link/nowhere`)],
  ])('%s', async (_what, code, trouble) => {
    const browser = new FlowBrowser()
    const prompt = await flow.annAtPrompt(browser)
    await expectEndWithoutLink(browser, await trouble(browser, prompt), code)
  })

  it.each(['POST', 'PUT'])('a request with a method that the page refuses: %s', async (method) => {
    const browser = new FlowBrowser()
    const prompt = await flow.annAtPrompt(browser)
    const response = await fetch(prompt.url, { method })
    expect(response.status).toBe(405)
    expect(claimsOf(await browser.press(prompt, BUTTONS.notNow)).sub).toBe('google-oauth2|ann-g')
  })
})

describe('a flow that has expired', () => {
  const AGES: [string, { opened: number; touched: number }][] = [
    ['after 15 idle minutes', { opened: 1000, touched: 905 }],
    ['after 30 minutes in all', { opened: 1805, touched: 10 }],
  ]

  it.each(AGES)('%s: the prompt says so and the sign-in goes on', async (_when, age) => {
    const browser = new FlowBrowser()
    const prompt = await flow.annAtPrompt(browser)
    await ageFlow(browser, demo, age)
    await expectEndWithoutLink(browser, await browser.visit(prompt.url), 'expired')
  })

  it.each(AGES)('%s: so does the response to the prompt’s form', async (_when, age) => {
    const browser = new FlowBrowser()
    const prompt = await flow.annAtPrompt(browser)
    await ageFlow(browser, demo, age)
    await expectEndWithoutLink(browser, await browser.press(prompt, BUTTONS.link), 'expired')
  })

  it.each(AGES)('%s: so does the callback of the second authorization', async (_when, age) => {
    const browser = new FlowBrowser()
    const form = await browser.press(await flow.annAtPrompt(browser), BUTTONS.link)
    await ageFlow(browser, demo, age)
    const page = await browser.press(form, 'Continue', {
      'Email address': 'ann@example.com',
      Password: 'correct horse',
    })
    await expectEndWithoutLink(browser, page, 'expired')
  })

  it.each(AGES)('%s: so does the response to the confirmation, and nothing is linked', async (_when, age) => {
    const browser = new FlowBrowser()
    const confirm = await flow.annAtConfirm(browser)
    await ageFlow(browser, demo, age)
    await expectEndWithoutLink(browser, await browser.press(confirm, BUTTONS.link), 'expired')
  })

  it('is not one that was opened 28 minutes ago and idle for 14 minutes', async () => {
    const browser = new FlowBrowser()
    const form = await browser.press(await flow.annAtPrompt(browser), BUTTONS.link)
    await ageFlow(browser, demo, { opened: 1700, touched: 840 })
    const confirm = await browser.press(form, 'Continue', {
      'Email address': 'ann@example.com',
      Password: 'correct horse',
    })
    expect(claimsOf(await browser.press(confirm, BUTTONS.link)).sub).toBe('auth0|ann')
  })
})

describe('a person who waits before pressing a button', () => {
  /** A button's response token as if its page had been open for a while: only some seconds are left until it expires. */
  async function aged(page: Visit, button: string, secondsLeft: number): Promise<string> {
    const claims = answerOf(fieldsOf(formOf(page, button)))
    return tenant.mint({ ...claims, iat: now() - 120 + secondsLeft, exp: now() + secondsLeft })
  }

  it.each([20, -600])(
    'has to press once more with %i s left of the response token, and then it works',
    async (secondsLeft) => {
      const browser = new FlowBrowser()
      const confirm = await flow.annAtConfirm(browser)
      const late = await aged(confirm, BUTTONS.link, secondsLeft)
      const again = await browser.send(confirm, BUTTONS.link, { session_token: late })
      expect(browser.hops.at(-2)).toMatchObject({ method: 'POST', status: 303 })
      expect(again.url.pathname).toBe('/link/confirm')
      expect(textOf(again)).toContain('That took a moment. Please press the button once more.')
      expect(claimsOf(await browser.press(again, BUTTONS.link)).sub).toBe('auth0|ann')
    },
  )

  it.each([BUTTONS.notNow, BUTTONS.never])('has to press “%s” of the prompt once more', async (button) => {
    const browser = new FlowBrowser()
    const prompt = await flow.annAtPrompt(browser)
    const late = await aged(prompt, button, 20)
    const again = await browser.send(prompt, button, { session_token: late })
    expect(again.url.pathname).toBe('/link/prompt')
    expect(textOf(again)).toContain('That took a moment. Please press the button once more.')
    expect(claimsOf(await browser.press(again, button)).sub).toBe('google-oauth2|ann-g')
  })

  it('has to press the button of an error page once more', async () => {
    const { browser, held } = await heldAnn()
    const token = await tenant.mint({ ...held.claims, iat: now() - 130, exp: now() - 10 })
    const page = await browser.visit(flow.linkUrl(token, held.state))
    const again = await browser.send(page, BUTTONS.goOn, {
      session_token: await aged(page, BUTTONS.goOn, 20),
    })
    expect(textOf(again)).toContain('That took a moment. Please press the button once more.')
    expect(claimsOf(await browser.press(again, BUTTONS.goOn)).sub).toBe('google-oauth2|ann-g')
  })
})
