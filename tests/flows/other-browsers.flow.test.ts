import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { findFirefox, findWebkit } from '../../scripts/lib/other-browsers.mjs'
import { type OtherBrowser, startOtherBrowser } from '../support/browser/other-browsers'
import { Flow } from '../support/flow/flow'
import { PAGE } from '../support/flow/settings'

const flow = new Flow(inject('flowDemo'))
const { demo, tenant } = flow
const LONG_AGO = 15 * 60
const ANN_LINKED = {
  user_id: 'auth0|ann',
  email: 'ann@example.com',
  email_verified: true,
  password: 'correct horse',
  identities: [
    { provider: 'auth0', user_id: 'ann', connection: 'Username-Password-Authentication' },
    { provider: 'google-oauth2', user_id: 'ann-g', connection: 'google-oauth2' },
  ],
}
// The browsers that are available. `npm test` names the missing ones.
const BROWSERS = [
  ...(findFirefox() ? (['firefox'] as const) : []),
  ...(findWebkit() ? (['webkit'] as const) : []),
]

// The time limit is long, because a browser takes some seconds to start.
describe.each(BROWSERS)('%s, over TLS', { timeout: 90_000 }, (name) => {
  let browser: OtherBrowser
  beforeAll(async () => {
    browser = await startOtherBrowser(name)
  })
  afterAll(() => browser?.close())
  beforeEach(() => tenant.reset())

  /** Waits until the page shows a text, because the response to a form takes a moment. */
  const says = (words: string | RegExp) =>
    expect.poll(() => browser.text().catch(() => ''), { timeout: 15_000 }).toMatch(words)

  async function signIn(email: string): Promise<void> {
    await browser.fill('Email address', email)
    await browser.fill('Password', 'correct horse')
    await browser.press('Continue')
  }

  it('links two accounts in the middle of a login', async () => {
    await browser.goto(`${demo.other}/login?connection=google-oauth2`)
    await browser.press('ann@example.com')
    await says('Is this account yours too?')
    await browser.press('Link accounts')
    await signIn('ann@example.com')
    await says('Link these accounts?')
    await browser.press('Link accounts')
    await says(/"sub": "auth0\|ann"/)
  })

  it('renews an old sign-in and then disconnects an identity', async () => {
    await tenant.reset({ users: [ANN_LINKED] })
    await tenant.clock(-LONG_AGO)
    await browser.goto(`${demo.app}/auth/logout`)
    await browser.goto(`${demo.app}${PAGE}`)
    await signIn('ann@example.com')
    await says('Use any of these to sign in to your account.')
    await tenant.clock(0)
    await browser.press('Disconnect: Google')
    await browser.press('Sign in again')
    await signIn('ann@example.com')
    await says('Disconnect Google?')
    await browser.press('Disconnect')
    await says('Disconnected.')
    expect((await tenant.user('auth0|ann'))?.identities).toHaveLength(1)
  })
})
