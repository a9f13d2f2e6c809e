import { beforeEach, describe, expect, inject, it } from 'vitest'
import type { Visit } from '../support/browser'
import { Flow } from '../support/flow'
import { FlowBrowser } from '../support/flow-browser'
import { noticeOf, PAGE, Settings } from '../support/settings'

const flow = new Flow(inject('flowDemo'))
const { tenant, demo } = flow
beforeEach(() => tenant.reset())

const HOME = `${demo.other}/`
/** The link back, if a page has one. */
const backOf = ({ html }: Visit) => {
  const links = html.querySelectorAll('a').filter(({ text }) => /Back to (?!your)/.test(text))
  return links.map((link) => [link.text.trim(), link.getAttribute('href')])
}
const BACK = [['Back to Other Company', HOME]]

/** Signs in to the other application, and opens the page from its account menu. */
async function fromApplication(email: string, connection?: string) {
  const person = new Settings(flow, new FlowBrowser())
  const login = await flow.signIn(person.browser, email, connection ? { with: connection } : {})
  const asked = login.url.pathname === '/link/prompt'
  const there = asked ? await person.browser.press(login, 'Not now') : login
  return { person, page: await person.follow(there, 'Sign-in methods') }
}

describe('the way back to an application', () => {
  it('is a link on the page that its account menu leads to, through the sign-in, and leads back there', async () => {
    const { person, page } = await fromApplication('dee@example.com')
    expect(page.url.pathname).toBe(PAGE)
    expect(backOf(page)).toEqual(BACK)
    const there = await person.follow(page, 'Back to Other Company')
    expect([there.status, there.url.href]).toEqual([200, HOME])
  })

  it('stays through connecting and disconnecting an account', async () => {
    const { person, page } = await fromApplication('dee@example.com')
    const confirm = await person.prove(page, 'GitHub', { email: 'dee@work.example', isNew: true })
    expect(confirm.url.pathname).toBe(`${PAGE}/confirm`)
    expect(backOf(confirm)).toEqual(BACK)
    const done = await person.browser.press(confirm, 'Connect')
    expect(noticeOf(done)).toMatch(/^Connected\./)
    expect(backOf(done)).toEqual(BACK)
    const question = await person.follow(done, 'Disconnect')
    expect(backOf(question)).toEqual(BACK)
    const gone = await person.browser.press(question, 'Disconnect')
    expect(noticeOf(gone)).toMatch(/^Disconnected/)
    expect(backOf(gone)).toEqual(BACK)
  })
})
