import { beforeEach, describe, expect, inject, it } from 'vitest'
import { en } from '@/lib/messages/en'
import waysBack from '../campaigns/attack/lists/ways-back.json'
import type { Visit } from '../support/browser/browser'
import { FlowBrowser } from '../support/browser/flow-browser'
import { errorCode, Flow } from '../support/flow/flow'
import { noticeOf, PAGE, Settings } from '../support/flow/settings'

const flow = new Flow(inject('flowDemo'))
const { tenant, demo } = flow
beforeEach(() => tenant.reset())

const HOME = `${demo.other}/`
const OTHER = ['Back to Other Company', HOME]
const { settings, buttons } = en
const NEW_GITHUB = { email: 'dee@work.example', isNew: true }

/** The text and the URL of a page's link back to an application; undefined if there is no such link. */
function backOf({ html }: Visit) {
  const [link, ...others] = html
    .querySelectorAll('a')
    .filter(({ text }) => /^Back to (?!sign-in methods)/.test(text.trim()))
  expect(others).toEqual([])
  return link && [link.text.trim(), link.getAttribute('href')]
}
const queryOf = (clientId: string, returnTo: string) =>
  `?${new URLSearchParams({ client_id: clientId, return_to: returnTo })}`
const atPage = () => new Settings(flow, new FlowBrowser())

/** Signs in to the other application, and opens the page "Sign-in methods" from its account menu. */
async function fromApplication(email: string, connection?: string) {
  const person = atPage()
  const login = await flow.signIn(person.browser, email, connection ? { with: connection } : {})
  const isAsked = login.url.pathname === '/link/prompt'
  const there = isAsked ? await person.browser.press(login, buttons.notNow) : login
  const page = await person.follow(there, 'Sign-in methods')
  expect([page.url.pathname, backOf(page)]).toEqual([PAGE, OTHER])
  return { person, page }
}

/** Registers an application at the tenant, and returns its client id. */
async function register(fields: object): Promise<string> {
  const token = await tenant.managementToken('create:clients')
  const response = await fetch(`${demo.tenant}/api/v2/clients`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...waysBack.client, ...fields }),
  })
  const body = (await response.json()) as { client_id: string }
  expect([response.status, body]).toEqual([201, expect.anything()])
  return body.client_id
}
const readsOf = async (clientId: string) =>
  (await tenant.ledger()).filter(({ path }) => path === `/api/v2/clients/${clientId}`).length

describe('the way back to an application', () => {
  it('is a link on the page “Sign-in methods”, if the person came from the application’s account menu', async () => {
    const { person, page } = await fromApplication('dee@example.com')
    const there = await person.follow(page, 'Back to Other Company')
    expect([there.status, there.url.href]).toEqual([200, HOME])
  })

  it('is still there when the page is reloaded', async () => {
    const { person, page } = await fromApplication('dee@example.com')
    expect(backOf(await person.browser.visit(page.url))).toEqual(OTHER)
  })

  it('stays through a sign-in with a password, on every page', async () => {
    for (const path of ['', '/confirm', '/disconnect', '/wrong-account']) {
      const browser = new FlowBrowser()
      const login = await browser.visit(`${demo.app}${PAGE}${path}${queryOf('demo-other', HOME)}`)
      expect(login.url.origin).toBe(demo.tenant)
      expect(login.url.href).not.toContain('return_to')
      const fields = { 'Email address': 'dee@example.com', Password: 'correct horse' }
      expect(backOf(await browser.press(login, 'Continue', fields))).toEqual(OTHER)
    }
  })

  it('stays through connecting an account and undoing that', async () => {
    const { person, page } = await fromApplication('dee@example.com')
    const confirm = await person.prove(page, 'GitHub', NEW_GITHUB)
    expect([confirm.url.pathname, backOf(confirm)]).toEqual([`${PAGE}/confirm`, OTHER])
    const done = await person.browser.press(confirm, settings.confirm.connect)
    expect([noticeOf(done), backOf(done)]).toEqual([settings.done.connected, OTHER])

    const question = await person.follow(done, settings.undo)
    expect([question.url.pathname, backOf(question)]).toEqual([`${PAGE}/disconnect`, OTHER])
    const undone = await person.browser.press(question, settings.disconnectPage.confirmUndo)
    expect([noticeOf(undone), backOf(undone)]).toEqual([settings.done.restored, OTHER])
  })

  it('stays if the person cancels a disconnection, and through a disconnection', async () => {
    const { person, page } = await fromApplication('dee@example.com')
    const done = await person.connect(page, 'GitHub', NEW_GITHUB)
    const question = await person.follow(done, settings.disconnect)
    expect(backOf(await person.follow(question, settings.disconnectPage.cancel))).toEqual(OTHER)
    const gone = await person.browser.press(question, settings.disconnect)
    expect([noticeOf(gone), backOf(gone)]).toEqual([settings.done.disconnected, OTHER])
  })

  it('stays if the person cancels, with and without deleting the new account', async () => {
    const { person, page } = await fromApplication('dee@example.com')
    const confirm = await person.prove(page, 'GitHub', NEW_GITHUB)
    const kept = await person.browser.press(confirm, settings.confirm.cancel)
    expect([noticeOf(kept), backOf(kept)]).toEqual([settings.done.cancelled, OTHER])
    const again = await person.prove(kept, 'GitHub', { ...NEW_GITHUB, email: 'two@work.example' })
    const removed = await person.browser.press(again, settings.confirm.remove)
    expect([noticeOf(removed), backOf(removed)]).toEqual([settings.done.removed, OTHER])
  })

  it('stays if the other account becomes the primary, and the person is signed in to it', async () => {
    const { person, page } = await fromApplication('ann@example.com', 'google-oauth2')
    const confirm = await person.prove(page, settings.suggestions.isMe, 'ann@example.com')
    const done = await person.browser.press(confirm, settings.confirm.connect)
    expect([noticeOf(done), backOf(done)]).toEqual([settings.done.connected, OTHER])
    expect((await tenant.user('auth0|ann'))?.identities).toHaveLength(2)
  })

  it('stays on the page about a wrong account, on the way back from there, and through another try', async () => {
    const { person, page } = await fromApplication('bea@example.com')
    const wrong = await person.prove(page, settings.suggestions.isMe, { email: 'x@example.com', isNew: true })
    expect([errorCode(wrong), backOf(wrong)]).toEqual(['wrong_account', OTHER])
    expect(backOf(await person.follow(wrong, settings.back))).toEqual(OTHER)
    const signedOut = await person.follow(wrong, buttons.signOut)
    expect([signedOut.url.pathname, backOf(signedOut)]).toEqual([PAGE, OTHER])
    const again = await person.browser.press(wrong, buttons.tryAgain)
    const confirm = await person.signInAt(again, 'bea@example.com')
    expect([confirm.url.pathname, backOf(confirm)]).toEqual([`${PAGE}/confirm`, OTHER])
  })

  it('stays if the person signed in to the same account', async () => {
    const { person, page } = await fromApplication('bea@example.com', 'google-oauth2')
    const same = await person.prove(page, 'Google', 'bea@example.com')
    expect([errorCode(same), backOf(same)]).toEqual(['same_account', OTHER])
  })

  it('stays if the person has to sign in again before a step', async () => {
    await tenant.clock(-15 * 60)
    const { person, page } = await fromApplication('dee@example.com')
    await tenant.clock(0)
    const first = await person.browser.press(page, 'GitHub')
    const login = await person.signInAt(first, 'dee@example.com')
    const confirm = await person.signInAt(login, NEW_GITHUB)
    const done = await person.browser.press(confirm, settings.confirm.connect)
    expect([noticeOf(done), backOf(done)]).toEqual([settings.done.connected, OTHER])
  })

  it('stays through the step-up before something is disconnected', async () => {
    await tenant.clock(-15 * 60)
    const { person, page } = await fromApplication('dee@example.com')
    await tenant.administer('POST', 'auth0|dee', { provider: 'github', user_id: 'bea-h' }, '/identities')
    await tenant.clock(0)
    const question = await person.follow(await person.browser.visit(page.url), settings.disconnect)
    const wrong = await person.signInAt(
      await person.browser.press(question, buttons.signInAgain),
      'eve@example.com',
    )
    expect([errorCode(wrong), backOf(wrong)]).toEqual(['wrong_account', OTHER])
    const retried = await person.follow(wrong, buttons.tryAgain)
    expect([retried.url.pathname, backOf(retried)]).toEqual([`${PAGE}/disconnect`, OTHER])
    const login = await person.browser.press(retried, buttons.signInAgain)
    const back = await person.signInAt(login, 'dee@example.com')
    expect([back.url.pathname, backOf(back)]).toEqual([`${PAGE}/disconnect`, OTHER])
    const gone = await person.browser.press(back, settings.disconnect)
    expect([noticeOf(gone), backOf(gone)]).toEqual([settings.done.disconnected, OTHER])
  })

  it('stays when the person declines a suggestion, takes that back, or requests a verification mail', async () => {
    const { person, page } = await fromApplication('bea@example.com')
    const back = await person.browser.press(page, settings.declined.takeBack)
    expect([noticeOf(back), backOf(back)]).toEqual([settings.done.taken_back, OTHER])
    const declined = await person.browser.press(back, settings.suggestions.isNotMe)
    expect([noticeOf(declined), backOf(declined)]).toEqual([settings.done.declined, OTHER])

    const cy = await fromApplication('cy@example.com')
    const sent = await cy.person.browser.press(cy.page, settings.verify.send)
    expect([noticeOf(sent), backOf(sent)]).toEqual([settings.done.mail_sent, OTHER])
  })

  it('stays if a step is refused: no open flow, a changed confirmation, or a form of another build', async () => {
    const { person, page } = await fromApplication('dee@example.com')
    const query = queryOf('demo-other', HOME)
    const noFlow = await person.browser.visit(`${demo.app}${PAGE}/confirm${query}&flow=0000000000000000`)
    expect([errorCode(noFlow), backOf(noFlow)]).toEqual(['no_flow', OTHER])
    const unknown = await person.browser.send(page, 'GitHub', { connection: 'nowhere' })
    expect([errorCode(unknown), backOf(unknown)]).toEqual(['unknown_connection', OTHER])

    const confirm = await person.prove(page, 'GitHub', NEW_GITHUB)
    const changed = await person.browser.send(confirm, settings.confirm.connect, { agreed: 'other' })
    expect([errorCode(changed), backOf(changed)]).toEqual(['changed', OTHER])
    const [action] = Object.keys(Object.fromEntries(formFields(confirm)))
    const outdated = await person.browser.send(confirm, settings.confirm.connect, {
      [action ?? '']: undefined,
      [`$ACTION_ID_${'0'.repeat(42)}`]: '',
    })
    expect([errorCode(outdated), backOf(outdated)]).toEqual(['outdated', OTHER])
  })

  it('stays if the account cannot be shown, and after the next try', async () => {
    const { person, page } = await fromApplication('dee@example.com')
    await tenant.administer('PATCH', 'auth0|dee', { blocked: true })
    const blocked = await person.browser.visit(page.url)
    expect([errorCode(blocked), backOf(blocked)]).toEqual(['blocked', OTHER])
    await tenant.administer('PATCH', 'auth0|dee', { blocked: false })
    await tenant.faults({ match: { path: '^/api/v2/users/' }, effect: { status: 503 } })
    const down = await person.browser.visit(page.url)
    expect([errorCode(down), backOf(down)]).toEqual(['tenant_unreachable', OTHER])
    await tenant.mend()
    const shown = await person.follow(down, buttons.tryAgain)
    expect([noticeOf(shown), backOf(shown)]).toEqual(['', OTHER])
  })

  it('stays if a sign-in fails and the next one succeeds', async () => {
    const browser = new FlowBrowser()
    const login = await browser.visit(`${demo.app}${PAGE}${queryOf('demo-other', HOME)}`)
    const state = browser.hops.find(({ url }) => url.pathname === '/authorize')?.url.searchParams.get('state')
    const answer = new URLSearchParams({ state: state ?? '', error: 'access_denied' })
    const failed = await browser.visit(`${demo.app}/auth/callback?${answer}`)
    expect([login.url.pathname, errorCode(failed), backOf(failed)]).toEqual([
      '/u/login',
      'sign_in_failed',
      undefined,
    ])
    const [again] = failed.html
      .querySelectorAll('a')
      .map((link) => link.getAttribute('href') ?? '')
      .filter((href) => href.startsWith('/auth/login'))
    const second = await browser.visit(new URL(again ?? '', demo.app))
    const fields = { 'Email address': 'dee@example.com', Password: 'correct horse' }
    expect(backOf(await browser.press(second, 'Continue', fields))).toEqual(OTHER)
  })

  it('is different in two tabs that came from two applications', async () => {
    const shop = await register({ name: 'Shop' })
    const { person, page } = await fromApplication('dee@example.com')
    const other = await person.view(queryOf(shop, 'https://shop.example/account'))
    const SHOP = ['Back to Shop', 'https://shop.example/account']
    expect(backOf(other)).toEqual(SHOP)
    const [one, two] = [
      await person.prove(page, 'GitHub', NEW_GITHUB),
      await person.prove(other, 'Google', { email: 'dee@else.example', isNew: true }),
    ]
    expect([backOf(one), backOf(two)]).toEqual([OTHER, SHOP])
    expect(backOf(await person.browser.press(one, settings.confirm.cancel))).toEqual(OTHER)
    expect(backOf(await person.browser.press(two, settings.confirm.cancel))).toEqual(SHOP)
  })

  it('may be a URL of up to 2,000 characters', async () => {
    const shop = await register({ name: 'Shop' })
    const person = atPage()
    const home = 'https://shop.example/'
    const long = (length: number) => home + 'a'.repeat(length - home.length)
    for (const length of [1_900, 2_000]) {
      const page = await person.openAt(queryOf(shop, long(length)), 'dee@example.com')
      expect(backOf(page)).toEqual(['Back to Shop', long(length)])
      const confirm = await person.prove(page, 'GitHub', { ...NEW_GITHUB, email: `${length}@work.example` })
      expect(backOf(confirm)).toEqual(['Back to Shop', long(length)])
      expect(backOf(await person.browser.press(confirm, settings.confirm.cancel))?.[1]).toBe(long(length))
    }
  })
})

/** The names and values of the fields of the page's first multipart form. */
function formFields({ html }: Visit): [string, string][] {
  const form = html.querySelector('form[enctype="multipart/form-data"]')
  return (form?.querySelectorAll('input') ?? []).map((input) => [
    input.getAttribute('name') ?? '',
    input.getAttribute('value') ?? '',
  ])
}

describe('a `return_to` that is not allowed', () => {
  /** Opens the page with each query, and returns the links back. Signs in again every 15 queries, because of rate limits. */
  async function linksAt(queries: string[]) {
    const found: unknown[] = []
    let person = atPage()
    for (const [index, query] of queries.entries()) {
      if (index % 15 === 0) {
        person = atPage()
        await person.open(['dee@example.com', 'eve@example.com', 'hal@example.com'][(index / 15) % 2] ?? '')
      }
      const page = await person.view(query)
      expect([page.status, page.url.origin]).toEqual([200, demo.app])
      found.push(backOf(page))
      // No other link, form or source of the page contains the URL either.
      const targets = page.html.querySelectorAll('[href],[src],[action]').map(({ attributes }) => attributes)
      expect(JSON.stringify(targets)).not.toMatch(/evil|shop/i)
    }
    return found
  }

  it('is ignored: a sample of the corpus', async () => {
    const shop = await register({})
    const sample = waysBack.ignored.filter((_, index) => index % 6 === 0).map(({ payload }) => payload)
    expect(sample.length).toBeGreaterThanOrEqual(20)
    expect(new Set(await linksAt(sample.map((payload) => queryOf(shop, payload))))).toEqual(
      new Set([undefined]),
    )
    // All queries together cost one call, because the application's settings are cached.
    expect(await readsOf(shop)).toBe(1)
  })

  it('is ignored if the application is third-party, signs no one in, or does not exist', async () => {
    const ids = await Promise.all([
      register({ is_first_party: false }),
      register({ app_type: 'non_interactive' }),
      register({ grant_types: ['client_credentials'] }),
    ])
    const queries = [...ids, 'no-such-client', 'demo-other'].map((id) => queryOf(id, 'https://shop.example/'))
    expect(new Set(await linksAt(queries))).toEqual(new Set([undefined]))
  })

  it('is ignored if a parameter comes twice, as a list, or is missing', async () => {
    const shop = await register({})
    const way = queryOf(shop, 'https://shop.example/')
    const queries = [
      `${way}&return_to=https://shop.example/`,
      `${way}&client_id=${shop}`,
      `?client_id=${shop}`,
      '?return_to=https://shop.example/',
      `?client_id[]=${shop}&return_to[]=https://shop.example/`,
      `?client_id=${shop}/../demo-other&return_to=https://shop.example/`,
      `?client_id=${shop}&return_to=${encodeURIComponent(encodeURIComponent('https://shop.example/'))}`,
    ]
    expect(new Set(await linksAt(queries))).toEqual(new Set([undefined]))
    expect(await readsOf(shop)).toBe(1)
  })

  it('causes no call to the tenant without a session', async () => {
    const shop = await register({})
    await new FlowBrowser().visit(`${demo.app}${PAGE}${queryOf(shop, 'https://shop.example/')}`)
    expect(await readsOf(shop)).toBe(0)
  })

  it('shows no link and no error while the application cannot be read, and the link afterwards', async () => {
    const shop = await register({ name: 'Shop' })
    const person = atPage()
    await person.open('dee@example.com')
    await tenant.faults({ match: { path: '^/api/v2/clients/\\w+$' }, effect: { status: 503 } })
    const page = await person.view(queryOf(shop, 'https://shop.example/'))
    expect([page.status, errorCode(page), backOf(page)]).toEqual([200, undefined, undefined])
    await tenant.mend()
    const confirm = await person.prove(page, 'GitHub', NEW_GITHUB)
    expect(backOf(confirm)).toEqual(['Back to Shop', 'https://shop.example/'])
  })
})
