import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Visit } from '../support/browser/browser'
import type { Hop } from '../support/browser/flow-browser'
import { FullBrowser } from '../support/browser/full-browser'
import { type DemoBehindProxy, startBehindProxy } from '../support/flow/behind-proxy'
import { BUTTONS, claimsOf, Flow } from '../support/flow/flow'
import { noticeOf, PAGE, Settings } from '../support/flow/settings'

let demo: DemoBehindProxy
let flow: Flow
beforeAll(async () => {
  demo = await startBehindProxy()
  flow = new Flow(demo)
})
afterAll(() => demo?.close())

/** Paths of all pages and routes without dynamic segments, except the callbacks, which need parameters of the tenant. */
const addresses = readdirSync('app', { recursive: true, encoding: 'utf8' })
  .filter((file) => /(^|\/)(page\.tsx|route\.tsx?)$/.test(file) && !/\[|(^|\/)callback\//.test(file))
  .map((file) => `/${file.split('/').slice(0, -1).join('/')}`)

describe.each([
  ['docs/nginx.conf', {}],
  ['an nginx with its default buffers', { hasUsualBuffers: true }],
])('with all our cookies at their longest, and 2 kB of others, behind %s', (_proxy, unlike) => {
  beforeAll(() => demo.changeProxy(unlike))

  it('every page responds and works', async () => {
    await flow.tenant.reset()
    const browser = new FullBrowser(demo.app)
    const dee = new Settings(flow, browser)
    const page = await dee.open('dee@example.com')
    const ann = await flow.annAtPrompt(browser)
    const eve = await flow.signIn(browser, 'Eve@Example.com', { with: 'google-oauth2' })
    const question = await dee.prove(page, 'GitHub', { email: 'dee@work.example', isNew: true })
    await leaveForSignIn(browser)
    expect((await kindsOf(browser)).sort()).toEqual(['connect', 'link', 'link', 'session', 'txn'])

    expect(addresses.length).toBeGreaterThan(12)
    const asked = `?${ann.url.searchParams}`
    for (const address of addresses) await browser.visit(demo.app + address + asked, { stopAt: demo.tenant })
    // A very long URL: the session token has 4,000 characters.
    await browser.visit(flow.linkUrl('a'.repeat(4_000), 'state'))
    expect(await kindsOf(browser)).toHaveLength(5)

    const connected = await browser.press(question, 'Connect')
    expect(noticeOf(connected)).toMatch(/^Connected\./)
    const confirm = await flow.prove(browser, ann, 'ann@example.com')
    expect(claimsOf(await browser.press(confirm, BUTTONS.link)).sub).toBe('auth0|ann')
    // The tenant cannot finish Eve's login, because Ann has signed in there since, in the same browser.
    const back = `${demo.tenant}/continue`
    const { url } = await browser.press(eve, BUTTONS.notNow, {}, { stopAt: back })
    expect(url.href).toContain(back)
    expect(noticeOf(await dee.disconnect(connected))).toMatch(/^Disconnected\./)
    const out = await browser.visit(`${demo.app}/auth/logout`)
    expect(out.url.origin).toBe(demo.app)

    const ours = browser.hops.filter(({ url }) => url.origin === demo.app)
    // If a request is too large, nginx or Node.js refuses it. Their responses have no reference number.
    const isFromUs = ({ status, headers }: Hop) => status < 500 && headers.has('x-request-id')
    expect(ours.filter((hop) => !isFromUs(hop)).map(({ url }) => url.pathname)).toEqual([])
    const shown = ours.filter(({ status }) => status === 200).map(({ url }) => url.pathname)
    expect(shown).toEqual(
      expect.arrayContaining(['/', '/link/prompt', '/link/confirm', PAGE, `${PAGE}/disconnect`]),
    )
  })
})

/** Starts a sign-in to the page "Sign-in methods", as in another tab, and leaves it at the tenant's form. */
const leaveForSignIn = (browser: FullBrowser): Promise<Visit> =>
  browser.visit(`${demo.app}/auth/login?returnTo=${encodeURIComponent(PAGE)}`, { stopAt: demo.tenant })

/** The kinds of the application's cookies in a browser: the first word of each name, such as `link`. */
async function kindsOf(browser: FullBrowser): Promise<string[]> {
  const cookies = await browser.jar.getCookies(demo.app)
  return cookies.flatMap(({ key }) => /^__Host-([a-z]+)/.exec(key)?.[1] ?? [])
}
