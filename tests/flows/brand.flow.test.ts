import { describe, expect, it } from 'vitest'
import type { Visit } from '../support/browser/browser'
import { FlowBrowser } from '../support/browser/flow-browser'
import { BUTTONS } from '../support/flow/flow'
import { ownDemo } from '../support/flow/own-demo'
import { Settings } from '../support/flow/settings'

const ACME = { name: 'acme', display_name: 'Acme', branding: { colors: { primary: '#333399' } } }
const WORLD = {
  branding: { colors: { primary: '#0b5d4e', page_background: '#fbfaf7' } },
  settings: { friendly_name: 'Tenant Ltd', support_email: 'help@tenant.example' },
  organizations: [ACME],
}

const own = ownDemo({
  world: WORLD,
  secrets: { ACCOUNT_LINKING_ORGANIZATIONS: 'on' },
})

const styleOf = ({ html }: Visit) => html.querySelector('style[nonce], head style')?.text ?? ''

describe('the brand of the tenant', () => {
  it('is on every page of a login, but a login to an organization shows the organization’s brand', async () => {
    const { flow } = own
    await flow.tenant.reset(WORLD)
    const browser = new FlowBrowser()
    const prompt = await flow.annAtPrompt(browser)
    const confirm = await flow.prove(browser, prompt, 'ann@example.com')
    for (const page of [prompt, confirm]) {
      expect(page.html.querySelector('title')?.text).toMatch(/ · Tenant Ltd$/)
      expect(page.html.querySelector('header')?.text).toContain('Tenant Ltd')
      expect(styleOf(page)).toContain('--accent:#0b5d4e;--on-accent:#ffffff;--ground:#fbfaf7')
      const links = page.html.querySelectorAll('a').map((link) => link.getAttribute('href'))
      expect(links).toContain('mailto:help@tenant.example')
    }
    const ofAcme = await flow.signIn(new FlowBrowser(), 'jo@example.com', {
      with: 'google-oauth2',
      query: { organization: 'acme' },
    })
    expect(ofAcme.html.querySelector('title')?.text).toMatch(/ · Acme$/)
    expect(styleOf(ofAcme)).toContain('--accent:#333399')
    expect(ofAcme.html.querySelectorAll('main button').map(({ text }) => text)).toContain(BUTTONS.link)
  })

  it('is on the page "Sign-in methods" and the not-found page, in a style that the page’s policy allows', async () => {
    const { flow } = own
    const page = await new Settings(flow, new FlowBrowser()).open('dee@example.com')
    expect(page.html.querySelector('header')?.text).toContain('Tenant Ltd')
    const style = page.html.querySelector('head style')
    expect(style?.text).toContain('--accent:#0b5d4e;--on-accent:#ffffff')
    const nonce = style?.getAttribute('nonce') ?? ''
    expect(nonce.length).toBeGreaterThan(20)
    expect(page.headers.get('content-security-policy')).toContain(`'nonce-${nonce}'`)
    const lost = await new FlowBrowser().visit(`${flow.demo.app}/nowhere`)
    expect(lost.html.querySelector('title')?.text).toMatch(/Tenant Ltd/)
  })

  it('is not read for each page, and no failure to read it is logged', async () => {
    const { flow, output } = own
    for (const person of ['dee@example.com', 'ann@example.com'])
      await new Settings(flow, new FlowBrowser()).open(person)
    await flow.annAtPrompt(new FlowBrowser())
    const calls = await flow.tenant.ledger()
    expect(calls.filter(({ path }) => path.includes('/branding')).length).toBeLessThanOrEqual(1)
    expect(output()).not.toContain('brand_unread')
  })

  it('has no logo at a URL that no page contains', async () => {
    const { flow } = own
    const response = await new FlowBrowser().visit(`${flow.demo.app}/brand/logo-${'0'.repeat(32)}`)
    expect(response.status).toBe(404)
  })
})
