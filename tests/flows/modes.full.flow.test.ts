import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FlowBrowser } from '../support/browser/flow-browser'
import { startFlowDemo } from '../support/flow/demo'
import { BUTTONS, claimsOf, errorCode, Flow, textOf } from '../support/flow/flow'
import { ownDemo } from '../support/flow/own-demo'
import { commandsIn } from '../support/operator/documented-commands'

const withGoogle = { with: 'google-oauth2' }
const SAML_GIL = 'samlp|acme-saml|gil|grant@acme.example'

describe('observe mode', () => {
  const own = ownDemo({ secrets: { ACCOUNT_LINKING_MODE: 'observe' } })

  it('shows no prompt, and logs how many accounts it would offer without saying to whom', async () => {
    const { flow } = own
    const done = await flow.signIn(new FlowBrowser(), 'bea@example.com', withGoogle)
    expect(claimsOf(done).sub).toBe('google-oauth2|bea-g')
    expect(await flow.tenant.writes()).toEqual([])
    const inspector = await fetch(`${flow.demo.tenant}/_tenant/`).then((response) => response.text())
    const line = /\{[^{}]*would_offer[^{}]*\}/.exec(inspector)?.[0].replaceAll('&quot;', '"')
    expect(JSON.parse(line ?? 'null')).toEqual({ account_linking: 'would_offer', count: '2' })
  })
})

describe('a service with OFFER=off', () => {
  const own = ownDemo({ env: { OFFER: 'off' } })

  it('receives no login', async () => {
    const { flow } = own
    expect(await fetch(`${flow.demo.app}/healthz`).then((response) => response.json())).toEqual({
      status: 'ok',
      offer: false,
    })
    const browser = new FlowBrowser()
    const done = await flow.signIn(browser, 'ann@example.com', withGoogle)
    expect(claimsOf(done).sub).toBe('google-oauth2|ann-g')
    expect(browser.hops.filter(({ url }) => url.origin === flow.demo.app)).toEqual([])
  })

  it('redirects a login that arrives anyway back to the tenant at once', async () => {
    const { flow } = own
    const token = await flow.sessionToken()
    const { url } = await new FlowBrowser().visit(flow.linkUrl(token, 'st'), { stopAt: flow.demo.tenant })
    expect(url.pathname).toBe('/continue')
  })
})

describe('a service that is down', () => {
  let answer: (response: ServerResponse) => void
  const server = createServer((_request, response) => answer(response))
  let flow: Flow
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const demo = await startFlowDemo({
      secrets: { ACCOUNT_LINKING_SERVICE_URL: `http://127.0.0.1:${port}/link` },
    })
    flow = new Flow(demo)
    return demo.close
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })

  it.each<[string, (response: ServerResponse) => void]>([
    ['hangs up', (response) => response.destroy()],
    ['never responds', () => undefined],
    ['responds with an error', (response) => response.writeHead(502).end('<html>')],
    ['says that it offers nothing', (response) => response.end('{"offer":false}')],
  ])('and %s: the Action sends no login there, and the login goes on', async (_how, behave) => {
    await flow.tenant.reset()
    answer = behave
    const done = await flow.signIn(new FlowBrowser(), 'ann@example.com', withGoogle)
    expect(claimsOf(done).sub).toBe('google-oauth2|ann-g')
    expect(await flow.tenant.transactions()).toEqual([])
  })

  it('is not asked for its health if there is no offer to make', async () => {
    await flow.tenant.reset()
    let asked = 0
    answer = (response) => {
      asked += 1
      response.end('{"offer":true}')
    }
    await flow.signIn(new FlowBrowser(), 'dee@example.com')
    expect(asked).toBe(0)
  })
})

describe('LINK_CONTRACT=strict during a rotation of the secret', () => {
  const OLD = 'the-secret-before-0123456789-abcdefghij'
  const own = ownDemo({
    secrets: { SESSION_TOKEN_SHARED_SECRET: OLD },
    env: {
      LINK_CONTRACT: 'strict',
      SESSION_TOKEN_SHARED_SECRET: 'the-secret-after-9876543210-zyxwvutsrq',
      SESSION_TOKEN_SHARED_SECRET_PREVIOUS: OLD,
    },
  })

  it('A39 signs the response token with the old secret if the Action still has that one', async () => {
    const { flow } = own
    const browser = new FlowBrowser()
    const done = await browser.press(await flow.annAtConfirm(browser), BUTTONS.link)
    expect(claimsOf(done).sub).toBe('auth0|ann')
  })

  it('refuses a token of the contract that Auth0 documents, and lets the login go on', async () => {
    const { flow } = own
    const browser = new FlowBrowser()
    const held = await flow.hold(browser, 'ann@example.com', withGoogle)
    const { purpose: _purpose, ...documented } = held.claims
    const page = await browser.visit(flow.linkUrl(await flow.tenant.mint(documented), held.state))
    expect(errorCode(page)).toBe('bad_token')
    expect(claimsOf(await browser.press(page, BUTTONS.goOn)).sub).toBe('google-oauth2|ann-g')
  })
})

describe('a secret that the service does not know', () => {
  const own = ownDemo({
    secrets: { SESSION_TOKEN_SHARED_SECRET: 'known-to-the-action-only-0123456789-abc' },
    env: { SESSION_TOKEN_SHARED_SECRET: 'known-to-the-service-only-9876543210-z' },
  })

  it('A39 signs tokens that are refused', async () => {
    const page = await own.flow.annAtPrompt(new FlowBrowser())
    expect(errorCode(page)).toBe('bad_token')
  })
})

describe('an enterprise connection that the operator trusts', () => {
  const [command] = commandsIn('docs/local-tenant.md', 'echo')
  const own = ownDemo({ secrets: JSON.parse(/^echo '(.+)' > /.exec(command)?.[1] ?? '') })

  it('D09 is linked by everything after the first bar of its user id', async () => {
    const { flow } = own
    const browser = new FlowBrowser()
    const prompt = await flow.signIn(browser, 'gil@example.com', { with: 'acme-saml' })
    const done = await browser.press(await flow.prove(browser, prompt, 'gil@example.com'), BUTTONS.link)
    expect(claimsOf(done).sub).toBe('auth0|gil')
    const gil = await flow.tenant.user('auth0|gil')
    expect(gil?.identities.map(({ provider, user_id }) => [provider, user_id])).toEqual([
      ['auth0', 'gil'],
      ['samlp', 'acme-saml|gil|grant@acme.example'],
    ])
    expect(gil?.app_metadata).not.toHaveProperty('department')
  })

  it('D09 can be proven in a login of the other account, and may be the primary', async () => {
    const { flow } = own
    const { users } = await flow.tenant.world()
    await flow.tenant.reset({
      users: users.map((user) =>
        user.user_id === SAML_GIL ? { ...user, created_at: '2020-01-01T00:00:00.000Z' } : user,
      ),
    })
    const browser = new FlowBrowser()
    const prompt = await flow.signIn(browser, 'gil@example.com')
    expect(textOf(prompt)).not.toContain('grant@')
    const done = await browser.press(await flow.prove(browser, prompt, 'gil@example.com'), BUTTONS.link)
    expect(claimsOf(done).sub).toBe(SAML_GIL)
  })
})
