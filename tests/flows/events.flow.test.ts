import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeEach, describe, expect, inject, it, vi } from 'vitest'
import { FlowBrowser } from '../support/browser/flow-browser'
import { BUTTONS, claimsOf, errorCode, Flow, proveAccount } from '../support/flow/flow'
import { ownDemo } from '../support/flow/own-demo'

const flow = new Flow(inject('flowDemo'))
const { tenant, demo } = flow
beforeEach(() => tenant.reset())

interface Received {
  headers: Record<string, string>
  body: { type: string; data: Record<string, unknown> & { notice?: { subject: string; text: string } } }
}

/** The events that the demo's webhook received since the reset. Waits for `count`: they are sent after the response. */
async function received(count: number): Promise<Received[]> {
  const read = async (): Promise<Received[]> => (await fetch(`${demo.tenant}/_tenant/events`)).json()
  await vi.waitFor(async () => expect((await read()).length).toBeGreaterThanOrEqual(count), 10_000)
  return read()
}

describe('a link at login', () => {
  it('is reported once by the service, in a signed event with the text of a mail to the owner', async () => {
    const browser = new FlowBrowser()
    await browser.press(await flow.annAtConfirm(browser), BUTTONS.link)
    // If the link caused a second event, that would arrive before the event of this next login.
    await browser.press(await flow.signIn(browser, 'bea@example.com', { with: 'github' }), BUTTONS.notNow)
    const events = await received(2)
    expect(events.map(({ body }) => body.type)).toEqual(['account.linked', 'account.link_declined'])
    const [{ headers, body } = {} as Received] = events
    const key = new Webhook(demo.env.EVENTS_WEBHOOK_SECRET ?? '')
    expect(key.verify(JSON.stringify(body), headers)).toEqual(body)
    expect(body.data).toEqual({
      user_id: 'auth0|ann',
      other_user_id: 'google-oauth2|ann-g',
      provider: 'google-oauth2',
      connection: 'google-oauth2',
      way: 'login',
      client_id: 'demo-other',
      client_name: expect.any(String),
      notice: {
        subject: 'Example Inc: a sign-in method was added to your account',
        text: expect.stringContaining('Added: Google\n'),
      },
    })
    expect(JSON.stringify(events)).not.toContain('@example.com')
  })
})

describe.each([
  ['Not now', BUTTONS.notNow, false],
  ['Don’t ask again', BUTTONS.never, true],
])('“%s”', (_name, button, never) => {
  it('is reported once, however often the button is pressed', async () => {
    const browser = new FlowBrowser()
    const prompt = await flow.annAtPrompt(browser)
    await browser.press(prompt, button)
    expect(errorCode(await browser.press(prompt, button))).toBe('already_used')
    await browser.press(await flow.signIn(browser, 'bea@example.com', { with: 'github' }), button)
    const events = await received(2)
    expect(
      events.map(({ body: { type, data } }) => [type, data.user_id, data.other_user_id, data.never]),
    ).toEqual([
      ['account.link_declined', 'google-oauth2|ann-g', 'auth0|ann', never],
      // The prompt offered two accounts.
      ['account.link_declined', expect.stringContaining('github|'), undefined, never],
    ])
    expect(events.every(({ body }) => body.data.notice === undefined)).toBe(true)
  })
})

describe('a decline in browsers without the flow’s cookie', () => {
  it('is reported once for the same response token', async () => {
    const browser = new FlowBrowser()
    const prompt = await flow.annAtPrompt(browser)
    const stopAt = demo.tenant
    for (const other of [new FlowBrowser(), new FlowBrowser()])
      expect((await other.send(prompt, BUTTONS.notNow, {}, { stopAt })).status).toBe(307)
    await browser.press(await flow.signIn(browser, 'bea@example.com', { with: 'github' }), BUTTONS.notNow)
    const events = await received(2)
    expect(events.map(({ body }) => body.data.user_id)).toEqual([
      'google-oauth2|ann-g',
      expect.stringContaining('github|'),
    ])
  })
})

describe('a second sign-in that does not prove the other account', () => {
  it('is reported if it is to another account', async () => {
    const browser = new FlowBrowser()
    await flow.prove(browser, await flow.annAtPrompt(browser), 'dee@example.com')
    const [event] = await received(1)
    expect(event?.body).toMatchObject({
      type: 'account.link_refused',
      data: {
        user_id: 'google-oauth2|ann-g',
        other_user_id: expect.stringContaining('|dee'),
        reason: 'wrong_account',
        way: 'login',
      },
    })
  })

  it('is reported if it is to the current account', async () => {
    const browser = new FlowBrowser()
    const prompt = await flow.signIn(browser, 'ann@example.com')
    const start = await browser.press(prompt, BUTTONS.link, {}, { stopAt: `${demo.tenant}/authorize` })
    start.url.searchParams.delete('connection')
    const page = await proveAccount(browser, await browser.visit(start.url), 'ann@example.com')
    expect(errorCode(page)).toBe('same_account')
    const [event] = await received(1)
    expect(event?.body.data).toMatchObject({ user_id: 'auth0|ann', reason: 'same_account' })
    expect(event?.body.data).not.toHaveProperty('other_user_id')
  })

  it('is reported if the other account is blocked', async () => {
    const browser = new FlowBrowser()
    const prompt = await flow.annAtPrompt(browser)
    await tenant.administer('PATCH', 'auth0|ann', { blocked: true })
    expect(errorCode(await flow.prove(browser, prompt, 'ann@example.com'))).toBe('not_available')
    const [event] = await received(1)
    expect(event?.body.data).toMatchObject({ reason: 'not_available', other_user_id: 'auth0|ann' })
  })

  it('is not reported if only the code exchange at the tenant failed', async () => {
    const browser = new FlowBrowser()
    const prompt = await flow.annAtPrompt(browser)
    await tenant.faults({ match: { path: '^/oauth/token$' }, effect: { status: 500, body: {} } })
    const page = await flow.prove(browser, prompt, 'ann@example.com')
    expect(errorCode(page)).toBe('tenant_unreachable')
    await tenant.mend()
    await browser.press(await flow.signIn(browser, 'bea@example.com', { with: 'github' }), BUTTONS.notNow)
    expect((await received(1)).map(({ body }) => body.type)).toEqual(['account.link_declined'])
  })
})

/** The open responses of a webhook that never responds. */
const held: ServerResponse[] = []
const hanging: Server = createServer((_request, response) => held.push(response))
await new Promise<void>((resolve) => void hanging.listen(0, '127.0.0.1', resolve))
const { port } = hanging.address() as AddressInfo
afterAll(() => {
  hanging.closeAllConnections()
  hanging.close()
})

describe('a webhook that does not respond', () => {
  const own = ownDemo({ env: { EVENTS_WEBHOOK_URL: `http://127.0.0.1:${port}/` } })
  beforeEach(() => {
    held.length = 0
  })

  it.each([
    ['a link', BUTTONS.link, 'auth0|ann'],
    ['a decline', BUTTONS.notNow, 'google-oauth2|ann-g'],
  ])('does not delay the login with %s', async (_what, button, sub) => {
    const browser = new FlowBrowser()
    const confirm = await own.flow.annAtConfirm(browser)
    const begun = Date.now()
    expect(claimsOf(await browser.press(confirm, button)).sub).toBe(sub)
    // The service waits five seconds for a response of the webhook, so a login that waited would take longer.
    expect(Date.now() - begun).toBeLessThan(4_000)
    await vi.waitFor(() => expect(held).toHaveLength(1), 10_000)
  })
})
