import { beforeEach, describe, expect, inject, it } from 'vitest'
import { BUTTONS, Flow, textOf } from '../support/flow'
import { FlowBrowser } from '../support/flow-browser'

const flow = new Flow(inject('flowDemo'))
const { tenant } = flow
beforeEach(() => tenant.reset())

describe('the prompt', () => {
  it('says, before any button, whose sign-in this is, to which application, what was found, what stays and what ends', async () => {
    const prompt = await flow.annAtPrompt(new FlowBrowser())
    const text = textOf(prompt)
    const words = [
      'You are signing in with Google as a••@example.com, to Other Company.',
      'There is also an account that is opened with e-mail and password as a••@example.com.',
      'The other account, opened with e-mail and password, stays.',
      '1 saved detail of the account that ends is carried over.',
      'Roles, organizations and extra sign-in steps of the account that ends are not kept.',
      'Other devices signed in to either account have to sign in again.',
      'You can undo this for 30 days, on the page “Sign-in methods”.',
      'You cannot get into the other account?',
    ]
    for (const sentence of words) expect(text).toContain(sentence)
    const end = text.lastIndexOf(BUTTONS.link)
    for (const sentence of words) expect(text.indexOf(sentence)).toBeLessThan(end)
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
    const words = 'The other account can also be opened with GitHub. Check that all of these are yours'
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

  it('shows no id and no full address', async () => {
    const { html } = await flow.annAtPrompt(new FlowBrowser())
    const source = html.toString()
    for (const secret of ['ann@example.com', 'auth0|ann', 'ann-g', 'Username-Password-Authentication'])
      expect(source).not.toContain(secret)
  })

  it('offers to link, to wait and to stop asking, in buttons that look alike', async () => {
    const { html } = await flow.annAtPrompt(new FlowBrowser())
    const buttons = html.querySelectorAll('button')
    expect(buttons.map(({ text }) => text)).toEqual([BUTTONS.link, BUTTONS.notNow, BUTTONS.never])
    expect(new Set(buttons.map((button) => button.getAttribute('class'))).size).toBe(1)
  })

  it('shows names of applications and people as text', async () => {
    const browser = new FlowBrowser()
    const token = await flow.sessionToken({ client_name: '<img src=x onerror=alert(1)>\u202Etxt' })
    const prompt = await browser.visit(flow.linkUrl(token, 'text-only'))
    expect(prompt.html.querySelectorAll('img, script')).toEqual([])
    expect(prompt.html.toString()).not.toContain('\u202E')
  })
})

describe('the last question', () => {
  it('says that the other account is proven, which stays, and that nothing has happened yet', async () => {
    const confirm = await flow.annAtConfirm(new FlowBrowser())
    const text = textOf(confirm)
    for (const sentence of [
      'Thank you, the other account is yours. Nothing has been changed so far.',
      'You are signing in with Google as ann@example.com.',
      'You have just shown that you own the account opened with e-mail and password as ann@example.com.',
      'The other account, opened with e-mail and password, stays.',
      'Carried over to the account that stays: newsletter.',
      'You can undo this for 30 days, on the page “Sign-in methods”.',
    ])
      expect(text).toContain(sentence)
    expect(await tenant.writes()).toEqual([])
  })
})
