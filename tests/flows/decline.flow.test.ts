import { beforeEach, describe, expect, inject, it } from 'vitest'
import { FlowBrowser } from '../support/browser/flow-browser'
import { BUTTONS, claimsOf, Flow, textOf } from '../support/flow/flow'

const flow = new Flow(inject('flowDemo'))
const { tenant } = flow
beforeEach(() => tenant.reset())

const DAY = 86_400

describe.each([
  ['Not now', BUTTONS.notNow],
  ['Don’t ask again', BUTTONS.never],
])('“%s”', (_name, button) => {
  it('ends the login without a link, and no later login of either account shows the prompt', async () => {
    const browser = new FlowBrowser()
    const done = await browser.press(await flow.annAtPrompt(browser), button)
    expect(claimsOf(done).sub).toBe('google-oauth2|ann-g')
    expect(await tenant.writes()).toEqual([])

    const google = await flow.signIn(new FlowBrowser(), 'ann@example.com', { with: 'google-oauth2' })
    expect(claimsOf(google).sub).toBe('google-oauth2|ann-g')
    const password = await flow.signIn(new FlowBrowser(), 'ann@example.com')
    expect(claimsOf(password).sub).toBe('auth0|ann')
    expect(await tenant.writes()).toEqual([])
  })

  it('can still be chosen once the other account is proven', async () => {
    const browser = new FlowBrowser()
    const done = await browser.press(await flow.annAtConfirm(browser), button)
    expect(claimsOf(done).sub).toBe('google-oauth2|ann-g')
    expect(await tenant.writes()).toEqual([])
  })
})

describe('a declined offer', () => {
  it('is stored for the pair, until it expires or for good', async () => {
    const declineOf = async (button: string) => {
      await tenant.reset()
      const browser = new FlowBrowser()
      await browser.press(await flow.annAtPrompt(browser), button)
      const marks = (await tenant.user('google-oauth2|ann-g'))?.app_metadata?.account_linking
      return Object.values((marks as { declined: Record<string, object> }).declined)
    }
    const about = (seconds: number) => expect.closeTo(Date.now() / 1000 + seconds, -2)
    expect(await declineOf(BUTTONS.notNow)).toEqual([
      { until: about(30 * DAY), at: about(0), client: 'Other Company' },
    ])
    expect(await declineOf(BUTTONS.never)).toEqual([
      { until: Number.MAX_SAFE_INTEGER, at: about(0), client: 'Other Company' },
    ])
  })

  it('costs the next login of the same account one lookup, and later ones none', async () => {
    const browser = new FlowBrowser()
    await browser.press(await flow.annAtPrompt(browser), BUTTONS.notNow)
    const before = (await tenant.calls()).length
    for (let count = 0; count < 3; count += 1)
      await flow.signIn(new FlowBrowser(), 'ann@example.com', { with: 'google-oauth2' })
    expect((await tenant.calls()).slice(before)).toEqual(['GET /api/v2/users-by-email 200'])
  })

  it('covers all accounts of its prompt, but no pair that the prompt did not offer', async () => {
    const browser = new FlowBrowser()
    const prompt = await flow.signIn(browser, 'bea@example.com', { with: 'google-oauth2' })
    await browser.press(prompt, BUTTONS.notNow)
    // The prompt did not offer the two other accounts to each other, so a login may still offer that pair.
    const github = await flow.signIn(new FlowBrowser(), 'bea@example.com', { with: 'github' })
    expect(github.url.pathname).toBe('/link/prompt')
    expect(textOf(github)).toContain('Email and password bea@example.com')
    expect(textOf(github)).not.toContain('Google bea@example.com')
  })
})
