import { beforeEach, describe, expect, inject, it } from 'vitest'
import { lineOf } from '../support/browser/browser'
import { FlowBrowser } from '../support/browser/flow-browser'
import { BUTTONS, Flow, textOf } from '../support/flow/flow'

const flow = new Flow(inject('flowDemo'))
const { tenant } = flow
beforeEach(() => tenant.reset())

describe('the prompt', () => {
  it('says, before any button, who signs in to which application, which account was found, and how to link it', async () => {
    const text = textOf(await flow.annAtPrompt(new FlowBrowser()))
    const words = [
      'Is this account yours too?',
      'Google ann@example.com Signing in to Other Company',
      'Email and password ann@example.com',
      'Found',
      'Link them to use either one. You’ll sign in to the other once to confirm it’s yours.',
    ]
    for (const sentence of words) expect(text).toContain(sentence)
    const end = text.lastIndexOf(BUTTONS.link)
    for (const sentence of words) expect(text.indexOf(sentence)).toBeLessThan(end)
  })

  it('says in its details, below the buttons, which account stays and which becomes part of it', async () => {
    const { html } = await flow.annAtPrompt(new FlowBrowser())
    const details = html.querySelector('.answers ~ details')
    if (!details) throw new Error('there are no details below the buttons')
    const text = lineOf(details)
    for (const sentence of [
      'What happens if you link accounts',
      'Your “Email and password” account stays',
      '1 saved detail is copied to the account that stays.',
      'You’ll be signed out on other devices.',
      'You can undo this until',
      'Can’t sign in to the other account?',
    ])
      expect(text).toContain(sentence)
  })

  it('names every further sign-in method of the other account, and asks the person to check them', async () => {
    const own = { user_id: 'ann', provider: 'auth0', connection: 'Username-Password-Authentication' }
    const github = { user_id: 'stranger', provider: 'github', connection: 'github' }
    const { users } = await tenant.world()
    await tenant.reset({
      users: users.map((user) =>
        user.user_id === 'auth0|ann' ? { ...user, identities: [own, github] } : user,
      ),
    })
    const words =
      'Your “Email and password” account also opens with GitHub. Check that all of these sign-in methods are yours'
    const browser = new FlowBrowser()
    const prompt = await flow.annAtPrompt(browser)
    expect(textOf(prompt)).toContain(words)
    expect(textOf(await flow.prove(browser, prompt, 'ann@example.com'))).toContain(words)
  })

  it('shows the operator’s name and a link to help', async () => {
    const { html } = await flow.annAtPrompt(new FlowBrowser())
    expect(html.querySelector('header')?.text).toContain('Example Inc')
    expect(html.querySelector('title')?.text).toMatch(/Example Inc$/)
    expect(html.querySelectorAll('a').map(({ text }) => text)).toContain('Get help')
  })

  it('shows no id', async () => {
    const { html } = await flow.annAtPrompt(new FlowBrowser())
    const source = html.toString()
    for (const secret of ['auth0|ann', 'ann-g', 'Username-Password-Authentication'])
      expect(source).not.toContain(secret)
  })

  it('offers to link, to decline for now and to decline for good, with one main button and two secondary ones', async () => {
    const { html } = await flow.annAtPrompt(new FlowBrowser())
    const buttons = html.querySelectorAll('main button')
    expect(buttons.map(({ text }) => text)).toEqual([BUTTONS.link, BUTTONS.notNow, BUTTONS.never])
    expect(buttons.map((button) => button.getAttribute('class'))).toEqual(['button main', 'button', 'button'])
  })

  it('shows the name of an application as text, without markup and control characters', async () => {
    const browser = new FlowBrowser()
    const token = await flow.sessionToken({ client_name: '<img src=x onerror=alert(1)>\u202Etxt' })
    const prompt = await browser.visit(flow.linkUrl(token, 'text-only'))
    expect(prompt.html.querySelectorAll('img, script')).toEqual([])
    expect(prompt.html.toString()).not.toContain('\u202E')
  })
})

describe('the confirmation', () => {
  it('says that the other account is proven, which account stays, and that nothing has happened yet', async () => {
    const confirm = await flow.annAtConfirm(new FlowBrowser())
    const text = textOf(confirm)
    for (const sentence of [
      'Thanks, we’ve confirmed both are yours. Nothing has changed yet.',
      'Google ann@example.com Will be added',
      'Email and password ann@example.com',
      'Your “Email and password” account stays',
      'Copied to the account that stays: newsletter.',
      'You can undo this until',
    ])
      expect(text).toContain(sentence)
    expect(confirm.html.querySelector('details')).toBeNull()
    expect(await tenant.writes()).toEqual([])
  })
})
