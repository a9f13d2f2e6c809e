import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { en } from '@/lib/messages/en'
import { ensureExampleBuilt, startExample } from '@/scripts/lib/example.mjs'
import { freePort } from '@/scripts/lib/options.mjs'
import { TestBrowser, type Visit } from '../support/browser/browser'
import { Flow } from '../support/flow/flow'

const flow = new Flow(inject('flowDemo'))
const { tenant, demo } = flow
/** Time limit in milliseconds: the example may have to be built first, on a busy machine. */
const BUILD_TIMEOUT_MS = 240_000

let example: Awaited<ReturnType<typeof startExample>> | undefined
let home = ''
let clientId = ''

/** Resets the tenant, and registers the example there as an operator would. */
async function register(): Promise<Record<string, string>> {
  await tenant.reset()
  const response = await fetch(`${demo.tenant}/api/v2/clients`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${await tenant.managementToken('create:clients read:client_keys')}`,
    },
    body: JSON.stringify({
      name: 'Example application',
      app_type: 'regular_web',
      callbacks: [`${home}auth/callback`],
      allowed_logout_urls: [home],
      grant_types: ['authorization_code'],
      jwt_configuration: { alg: 'RS256' },
    }),
  })
  const client = await response.json()
  return { AUTH0_CLIENT_ID: client.client_id, AUTH0_CLIENT_SECRET: client.client_secret }
}

beforeAll(async () => {
  home = `http://127.0.0.1:${await freePort(0, false)}/`
  const env: Record<string, string> = {
    APP_BASE_URL: home.slice(0, -1),
    ACCOUNTS_URL: demo.app,
    AUTH0_DOMAIN: demo.tenant,
    NODE_EXTRA_CA_CERTS: demo.ca,
    ...(await register()),
  }
  clientId = env.AUTH0_CLIENT_ID ?? ''
  await ensureExampleBuilt()
  example = await startExample(env)
}, BUILD_TIMEOUT_MS)
afterAll(() => example?.close())

/** Signs in until the example has a session. Does not open its page. */
async function signIn(browser: TestBrowser, email: string): Promise<void> {
  const page = await browser.visit(`${home}auth/login`)
  const fields = { 'Email address': email, Password: 'correct horse' }
  const callback = await browser.press(page, 'Continue', fields, { stopAt: home })
  await browser.visit(callback.url, { stopAt: home })
}
/** The list of sign-in methods in the example's page. React may stream it to any place in the document. */
const itemOf = ({ html }: Visit) => html.querySelector('section[aria-label="Sign-in methods"]')
const linkOf = (visit: Visit) => new URL(itemOf(visit)?.querySelector('a')?.getAttribute('href') ?? '')

describe('examples/next, with the item of registry.json as it is', () => {
  it('shows no list to a visitor who is not signed in', async () => {
    const visit = await new TestBrowser().visit(home)
    expect(itemOf(visit)).toBeNull()
    expect(visit.html.querySelector('a')?.text).toBe('Sign in')
  })

  it('shows a person’s sign-in methods, and links to the page “Sign-in methods”, which links back', async () => {
    const browser = new TestBrowser()
    await signIn(browser, 'dee@example.com')
    const menu = await browser.visit(home)
    expect(
      itemOf(menu)
        ?.querySelectorAll('li span')
        .map(({ text }) => text),
    ).toEqual([en.providers.auth0, 'Main'])
    const link = linkOf(menu)
    expect(link.origin + link.pathname).toBe(`${demo.app}/settings/connected-accounts`)
    expect(Object.fromEntries(link.searchParams)).toEqual({ client_id: clientId, return_to: home })
    // The person has a session at the tenant, so the page asks for nothing.
    const page = await browser.visit(link)
    expect([page.status, page.url.origin + page.url.pathname]).toEqual([200, link.origin + link.pathname])
    expect(page.html.querySelector('main')?.text).toContain('dee@example.com')
    const back = page.html.querySelectorAll('a').find(({ text }) => text.includes('Example application'))
    expect(back?.text).toContain(en.settings.backTo({ application: 'Example application' }))
    const again = await browser.visit(back?.getAttribute('href') ?? '')
    expect([again.url.href, again.html.querySelector('summary')?.text]).toEqual([home, 'Dee Dunn'])
  })

  it('shows only the link if the service returns no list', async () => {
    const browser = new TestBrowser()
    await signIn(browser, 'gil@example.com')
    await tenant.administer('PATCH', 'auth0|gil', { blocked: true })
    const menu = await browser.visit(home)
    expect(itemOf(menu)?.querySelectorAll('li')).toEqual([])
    expect(linkOf(menu).pathname).toBe('/settings/connected-accounts')
  })
})
