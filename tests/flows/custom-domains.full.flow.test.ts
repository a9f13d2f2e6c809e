import { beforeEach, describe, expect, it } from 'vitest'
import { startApp } from '../../scripts/lib/app-process.mjs'
import type { Visit } from '../support/browser/browser'
import { FlowBrowser } from '../support/browser/flow-browser'
import { BUTTONS, claimsOf, errorCode, proveAccount } from '../support/flow/flow'
import { ownDemo } from '../support/flow/own-demo'
import { noticeOf, Settings } from '../support/flow/settings'

const HOST = '127.0.0.1'
const furtherOf = (origin = '') => origin.replace('localhost', HOST)

const own = ownDemo({
  start: ({ env, ...rest }) => {
    const domains = [env.AUTH0_DOMAIN, furtherOf(env.AUTH0_DOMAIN)].join()
    return startApp({ ...rest, env: { ...env, AUTH0_DOMAIN: domains } })
  },
})
beforeEach(() => own.flow.tenant.options({ custom_hosts: [HOST] }))

/** The origins of the two login domains. */
const domains = () => [own.flow.demo.tenant, furtherOf(own.flow.demo.tenant)] as const
const originsOf = (browser: FlowBrowser, isMeant: (url: URL) => boolean) =>
  browser.hops.filter(({ url }) => isMeant(url)).map(({ url }) => url.origin)
const isProof = ({ pathname, searchParams }: URL) =>
  pathname === '/authorize' && searchParams.get('client_id') === 'linking'

/** Signs Ann in with Google, presses "Link accounts", and returns the URL of the second authorization without opening it. */
async function annLeaving(browser: FlowBrowser): Promise<URL> {
  const stopAt = `${own.flow.demo.tenant}/authorize`
  return (await browser.press(await own.flow.annAtPrompt(browser), BUTTONS.link, {}, { stopAt })).url
}

describe('two login domains of one tenant', () => {
  it('link one login each in the same browser, and each login ends on its own domain', async () => {
    const { flow } = own
    const [first, further] = domains()
    const browser = new FlowBrowser()
    const ann = await flow.annAtPrompt(browser)
    const eve = await flow.signIn(browser, 'Eve@Example.com', {
      with: 'google-oauth2',
      query: { host: HOST },
    })
    const annAtConfirm = await flow.prove(browser, ann, 'ann@example.com')
    const eveAtConfirm = await flow.prove(browser, eve, 'eve@example.com')
    expect(originsOf(browser, isProof)).toEqual([first, further])

    const ends = [
      claimsOf(await browser.press(annAtConfirm, BUTTONS.link)),
      claimsOf(await browser.press(eveAtConfirm, BUTTONS.link)),
    ]
    expect(originsOf(browser, ({ pathname }) => pathname === '/continue')).toEqual([first, further])
    expect(ends).toMatchObject([
      { iss: `${first}/`, sub: 'auth0|ann' },
      { iss: `${further}/`, sub: 'auth0|eve' },
    ])
    expect((await flow.tenant.writes()).filter((write) => write.startsWith('link'))).toHaveLength(2)
  })

  it('sign out of a wrong account, and ask for the right one, on the login’s own domain', async () => {
    const { flow } = own
    const [, further] = domains()
    const browser = new FlowBrowser()
    const way = { with: 'google-oauth2', query: { host: HOST } }
    const prompt = await flow.signIn(browser, 'ann@example.com', way)
    const page = await flow.prove(browser, prompt, 'dee@example.com')
    const signOut = page.html.querySelectorAll('a').find(({ text }) => text === 'Sign out of that account')
    const again = await browser.visit(signOut?.getAttribute('href') ?? 'none')
    await flow.prove(browser, again, 'ann@example.com')
    const isTenant = ({ pathname }: URL) => ['/v2/logout', '/u/login'].includes(pathname)
    expect(new Set(originsOf(browser, (url) => isProof(url) || isTenant(url)))).toEqual(new Set([further]))
  })
})

describe('a tenant that refuses a change of a user if the call names no custom domain', () => {
  beforeEach(() => own.flow.tenant.options({ custom_hosts: [HOST], custom_domain_conflict: true }))

  it.each([
    ['the first', undefined],
    ['the other', HOST],
  ])('accepts a link of a login at %s login domain, with all its metadata', async (_which, host) => {
    const { flow } = own
    const browser = new FlowBrowser()
    const way = { with: 'google-oauth2', ...(host && { query: { host } }) }
    const confirm = await flow.prove(
      browser,
      await flow.signIn(browser, 'ann@example.com', way),
      'ann@example.com',
    )
    expect(claimsOf(await browser.press(confirm, BUTTONS.link)).sub).toBe('auth0|ann')
    await expectAllAccepted()
  })

  it('accepts links and unlinks of the page "Sign-in methods"', async () => {
    const ann = new Settings(own.flow, new FlowBrowser())
    const page = await ann.connect(await ann.open('ann@example.com'), 'Google', 'ann@example.com')
    expect(noticeOf(page)).toMatch(/^Connected\./)
    expect(noticeOf(await ann.disconnect(page))).toMatch(/^Disconnected\./)
    await expectAllAccepted()
  })

  async function expectAllAccepted(): Promise<void> {
    const changes = (await own.flow.tenant.calls()).filter((call) => call.startsWith('PATCH'))
    expect(changes.length).toBeGreaterThan(0)
    expect(changes.filter((call) => !call.endsWith(' 200'))).toEqual([])
  }
})

/** Moves Ann's second authorization to the other domain, as in a mix-up attack, and returns the page after her sign-in. */
async function annMixedUp(browser: FlowBrowser): Promise<Visit> {
  const url = await annLeaving(browser)
  url.hostname = HOST
  return proveAccount(browser, await browser.visit(url), 'ann@example.com')
}

describe('C19 an authorization response of the other login domain', () => {
  it.each([
    ['brings an ID token that is refused', false, 'bad_id_token', 1],
    ['that names its issuer is refused at the callback', true, 'bad_issuer', 0],
  ])('%s, and nothing is linked', async (_what, isNamed, code, exchanges) => {
    const { tenant } = own.flow
    await tenant.options({ authorization_response_iss_parameter_supported: isNamed })
    const browser = new FlowBrowser()
    const page = await annMixedUp(browser)
    expect(errorCode(page)).toBe(code)
    const exchanged = (await tenant.ledger()).filter(
      ({ path, client_id, status }) => path === '/oauth/token' && client_id === 'linking' && status === 200,
    )
    expect(exchanged).toHaveLength(exchanges)
    expect(claimsOf(await browser.press(page, BUTTONS.goOn)).sub).toBe('google-oauth2|ann-g')
    expect(await tenant.writes()).toEqual([])
  })
})

describe('a session token whose `continue_url` has a domain that is not configured', () => {
  it.each([
    ['the first login domain', 'the canonical domain', 0],
    ['its issuer', 'the other login domain', 1],
  ])('leads back to %s if %s issued it', async (_where, _issuer, index) => {
    const { flow } = own
    const browser = new FlowBrowser()
    const { claims, state } = await flow.hold(browser, 'ann@example.com', { with: 'google-oauth2' })
    const token = await flow.tenant.mint({
      ...claims,
      jti: crypto.randomUUID(),
      continue_url: `https://${HOST}.evil.example/continue`,
      ...(index === 1 && { iss: new URL(domains()[1]).host }),
    })
    const target = `${domains()[index]}/continue`
    const prompt = await browser.visit(flow.linkUrl(token, state))
    const { url } = await browser.press(prompt, BUTTONS.notNow, {}, { stopAt: target })
    expect(url.origin + url.pathname).toBe(target)
  })
})
