import { beforeEach, describe, expect, inject, it } from 'vitest'
import { FlowBrowser, formOf } from '../support/browser/flow-browser'
import { BUTTONS, choiceOf, claimsOf, Flow, textOf } from '../support/flow/flow'

const flow = new Flow(inject('flowDemo'))
const { tenant } = flow
beforeEach(() => tenant.reset())

describe('a person with three accounts', () => {
  it('is offered both other accounts, links the chosen one, and is offered the last one at the next login', async () => {
    const browser = new FlowBrowser()
    const prompt = await flow.signIn(browser, 'bea@example.com', { with: 'google-oauth2' })
    expect(textOf(prompt)).toContain('You can link one account now.')
    expect(prompt.html.querySelectorAll('input[type=radio]')).toHaveLength(2)
    expect(choiceOf(prompt, 'Email and password')).toBeDefined()

    const candidate = choiceOf(prompt, 'GitHub')
    const provider = await browser.send(prompt, BUTTONS.link, { candidate })
    const confirm = await browser.press(provider, 'bea@example.com')
    expect(claimsOf(await browser.press(confirm, BUTTONS.link)).sub).toBe('google-oauth2|bea-g')

    // The Action offers nothing until the account's older sessions have ended.
    await tenant.ended('google-oauth2|bea-g')
    const later = new FlowBrowser()
    const next = await flow.signIn(later, 'bea@example.com', { with: 'github' })
    expect(next.html.querySelectorAll('input[type=radio]')).toEqual([])
    expect(textOf(next)).toMatch(/Email and password bea@example\.com .*Found/)
    const done = await later.press(await flow.prove(later, next, 'bea@example.com'), BUTTONS.link)
    // An account with several identities becomes the primary.
    expect(claimsOf(done).sub).toBe('google-oauth2|bea-g')
    expect((await tenant.user('google-oauth2|bea-g'))?.identities).toHaveLength(3)
    const last = await flow.signIn(new FlowBrowser(), 'bea@example.com')
    expect(claimsOf(last).sub).toBe('google-oauth2|bea-g')
  })

  it('is asked to choose an account first if she presses the button without a choice', async () => {
    const browser = new FlowBrowser()
    const prompt = await flow.signIn(browser, 'bea@example.com', { with: 'google-oauth2' })
    const again = await browser.send(prompt, BUTTONS.link)
    expect(textOf(again)).toContain('Choose an account first.')
  })
})

describe('a login without a prompt', () => {
  it.each([
    ['Cy with Google: his password account is unverified', 'cy@example.com', { with: 'google-oauth2' }],
    ['Cy with his unverified password account', 'cy@example.com', {}],
    ['Dee, who has one account', 'dee@example.com', {}],
    ['Gil: enterprise connections are not trusted unless named', 'gil@example.com', {}],
  ])('%s', async (_who, email, way) => {
    const done = await flow.signIn(new FlowBrowser(), email, way)
    expect(claimsOf(done).email).toBe(email)
    expect(await tenant.transactions()).toEqual([])
  })

  it('Ann, if her other account is blocked', async () => {
    const { users } = await tenant.world()
    await tenant.reset({
      users: users.map((user) => (user.user_id === 'auth0|ann' ? { ...user, blocked: true } : user)),
    })
    const done = await flow.signIn(new FlowBrowser(), 'ann@example.com', { with: 'google-oauth2' })
    expect(claimsOf(done).sub).toBe('google-oauth2|ann-g')
  })
})

describe('a mixed-case address', () => {
  it('is found and linked when Eve signs in with Google', async () => {
    const browser = new FlowBrowser()
    const prompt = await flow.signIn(browser, 'Eve@Example.com', { with: 'google-oauth2' })
    const done = await browser.press(await flow.prove(browser, prompt, 'eve@example.com'), BUTTONS.link)
    expect(claimsOf(done).sub).toBe('auth0|eve')
    // The Action looks up both spellings of the address, so each of the two lookups costs two calls.
    expect(await tenant.calls(/users-by-email/)).toHaveLength(4)
  })

  it('is not found when Eve signs in with her password', async () => {
    const done = await flow.signIn(new FlowBrowser(), 'eve@example.com')
    expect(claimsOf(done).sub).toBe('auth0|eve')
  })
})

describe('an account that changed after it was offered', () => {
  const changes = [
    ['was blocked', (id: string) => tenant.administer('PATCH', id, { blocked: true })],
    ['is unverified', (id: string) => tenant.administer('PATCH', id, { email_verified: false })],
    [
      'has another address',
      (id: string) => tenant.administer('PATCH', id, { email: 'new@example.com', email_verified: true }),
    ],
    ['was deleted', (id: string) => tenant.administer('DELETE', id)],
  ] as const

  it.each(changes)('%s: it is not linked, and the login goes on', async (_how, change) => {
    const browser = new FlowBrowser()
    const confirm = await flow.annAtConfirm(browser)
    await change('auth0|ann')
    const before = (await tenant.writes()).length
    const done = await browser.press(confirm, BUTTONS.link)
    expect(claimsOf(done).sub).toBe('google-oauth2|ann-g')
    expect((await tenant.writes()).slice(before)).toEqual([])
  })

  it('is mentioned in the next prompt if it can be offered again', async () => {
    const browser = new FlowBrowser()
    const confirm = await flow.annAtConfirm(browser)
    await tenant.administer('PATCH', 'auth0|ann', { blocked: true })
    await browser.press(confirm, BUTTONS.link)
    await tenant.administer('PATCH', 'auth0|ann', { blocked: false })
    const next = await flow.annAtPrompt(new FlowBrowser())
    expect(textOf(next)).toContain('Linking didn’t work last time.')
  })

  it('cannot be proven once it is blocked', async () => {
    const browser = new FlowBrowser()
    const prompt = await flow.annAtPrompt(browser)
    await tenant.administer('PATCH', 'auth0|ann', { blocked: true })
    const refused = await flow.prove(browser, prompt, 'ann@example.com')
    expect(refused.html.querySelector('main')?.getAttribute('data-error')).toBe('not_available')
    expect(formOf(refused, BUTTONS.goOn)).toBeDefined()
    expect(claimsOf(await browser.press(refused, BUTTONS.goOn)).sub).toBe('google-oauth2|ann-g')
  })
})
