import { beforeEach, describe, expect, inject, it } from 'vitest'
import { FlowBrowser } from '../support/browser/flow-browser'
import { findInConsole, linkTo, signInToConsole } from '../support/flow/console'
import { BUTTONS, Flow, textOf } from '../support/flow/flow'

const flow = new Flow(inject('flowDemo'))
const { tenant, demo } = flow
beforeEach(() => tenant.reset())

const url = (path: string) => `${demo.app}${path}`
/** A response without what differs each time: nonce, date, length and request id. */
const bytesOf = async (path: string, init: RequestInit = {}) => {
  const response = await fetch(url(path), { redirect: 'manual', ...init })
  const nonce = /nonce-([^']+)'/.exec(response.headers.get('content-security-policy') ?? '')?.[1] ?? '-'
  const name = path.split('?')[0]?.slice(1) ?? ''
  const text = (await response.text()).replaceAll(nonce, 'NONCE')
  const escaped = name.split('/').map((part) => JSON.stringify(part).slice(1, -1))
  const headers = [...response.headers]
    .filter(([header]) => !['date', 'content-length', 'x-request-id'].includes(header))
    .map(([header, value]) => `${header}: ${value.replaceAll(nonce, 'NONCE')}`)
  return { status: response.status, headers, text, name, escaped }
}

describe('a visitor who is no operator', () => {
  it.each([
    ['/console', '/nothing'],
    ['/console/', '/nothing/'],
    ['/console/person/x', '/nothing/person/x'],
    ['/console/act?what=x', '/nothing/act?what=x'],
    ['/console/callback?code=x&state=y', '/nothing/callback?code=x&state=y'],
  ])('gets the same 404 at %s as at %s, which does not exist', async (path, other) => {
    // The first response of a new process streams its parts in another order.
    await Promise.all([bytesOf(path), bytesOf(other)])
    const [own, theirs] = [await bytesOf(path), await bytesOf(other)]
    expect(own.status).toBe(404)
    expect(own.headers).toEqual(theirs.headers)
    expect(own.text.replaceAll('console', 'nothing')).toBe(theirs.text)
  })
})

describe('an operator', () => {
  it('has to sign in at the tenant, even with a session there, with a second factor', async () => {
    const browser = new FlowBrowser()
    const { url: login } = await browser.visit(url('/console/sign-in'), { stopAt: demo.tenant })
    expect(Object.fromEntries(login.searchParams)).toMatchObject({
      audience: `${demo.app}/console`,
      max_age: '0',
      scope: 'openid email operate:account_linking',
    })
    expect(login.searchParams.get('acr_values')).toContain('multi-factor')
    const home = await signInToConsole(flow, browser)
    expect(home.url.pathname).toBe('/console')
    expect(home.status).toBe(200)
    // This application has no Redis.
    expect(textOf(home)).toContain('The funnel is counted in Redis. Set REDIS_URL to have one.')
    expect(textOf(home)).toContain('Pairs of a plan wait for workers in Redis only.')
  })

  it('finds an account by its email address, by its id and by the id of each of its identities', async () => {
    const ann = new FlowBrowser()
    await ann.press(await flow.annAtConfirm(ann), BUTTONS.link)
    const browser = new FlowBrowser()
    await signInToConsole(flow, browser)
    for (const what of ['Ann@example.com', 'auth0|ann', 'google-oauth2|ann-g', 'ann-g']) {
      const page = await findInConsole(browser, flow, what)
      expect(page.url.pathname, what).toMatch(/^\/console\/person\//)
      expect(textOf(page)).toContain('google-oauth2|ann-g')
      expect(page.url.href).not.toMatch(/auth0|google|ann@|ann-g/i)
    }
    const list = await findInConsole(browser, flow, 'bea@example.com')
    const bea = await browser.visit(url(linkTo(list, 'auth0|bea')))
    expect(textOf(bea)).toContain('Does the Action look for other accounts? Yes.')
    expect(textOf(await findInConsole(browser, flow, 'nobody@example.com'))).toContain('No account found')
  })

  it('needs the permission: people without it get a 404', async () => {
    for (const email of ['dee@example.com', 'gil@example.com']) {
      const browser = new FlowBrowser()
      const page = await signInToConsole(flow, browser, email)
      expect(page.status, page.url.href + textOf(page)).toBe(404)
      expect((await browser.visit(url('/console'))).status).toBe(404)
    }
  })

  it('gets a 404 as soon as the permission is taken away', async () => {
    const browser = new FlowBrowser()
    await signInToConsole(flow, browser)
    expect((await browser.visit(url('/console'))).status).toBe(200)
    await tenant.administer(
      'DELETE',
      'auth0|olga',
      {
        permissions: [
          { resource_server_identifier: `${demo.app}/console`, permission_name: 'operate:account_linking' },
        ],
      },
      '/permissions',
    )
    expect((await browser.visit(url('/console'))).status).toBe(404)
  })

  it('signs out of the console', async () => {
    const browser = new FlowBrowser()
    await browser.press(await signInToConsole(flow, browser), 'Sign out')
    expect((await browser.visit(url('/console'))).status).toBe(404)
  })
})
