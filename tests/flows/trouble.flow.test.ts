import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest'
import { FlowBrowser } from '../support/browser/flow-browser'
import { BUTTONS, claimsOf, errorCode, Flow } from '../support/flow/flow'

const flow = new Flow(inject('flowDemo'))
const { tenant } = flow
beforeEach(() => tenant.reset())

const LINK = { method: 'POST', path: '/identities$' }
const withGoogle = { with: 'google-oauth2' }

describe('the lookup at login', () => {
  it.each([
    ['is refused', { match: { path: 'users-by-email' }, effect: { status: 403, body: {} } }],
    [
      'is rate-limited',
      { match: { path: 'users-by-email' }, effect: { status: 429, headers: { 'retry-after': '60' } } },
    ],
    ['fails', { match: { path: 'users-by-email' }, effect: { status: 503, body: 'down' } }],
    ['hangs', { match: { path: 'users-by-email' }, effect: { delay_ms: 8_000 } }],
    ['breaks off', { match: { path: 'users-by-email' }, effect: { truncate: true } }],
    ['has no token', { match: { path: '^/oauth/token$' }, effect: { status: 500 }, times: 2 }],
  ])('%s: the login goes on without a prompt, at most 2.5 s later', async (_how, fault) => {
    await tenant.faults(fault)
    const browser = new FlowBrowser()
    const provider = await browser.visit(`${flow.demo.other}/login?connection=google-oauth2`)
    const start = Date.now()
    const done = await browser.press(provider, 'ann@example.com')
    expect(Date.now() - start).toBeLessThan(3_500)
    expect(claimsOf(done).sub).toBe('google-oauth2|ann-g')
  })
})

describe('X31 a tenant whose clock is ahead', () => {
  afterEach(() => tenant.clock(0))

  it.each([45, 120, 900, 3_590])('by %d s: nothing is linked, and the login goes on', async (ahead) => {
    await tenant.clock(ahead)
    const browser = new FlowBrowser()
    const page = await flow.signIn(browser, 'ann@example.com', withGoogle)
    expect([page.status, errorCode(page)]).toEqual([400, 'clock'])
    const stopAt = `${flow.demo.other}/callback`
    const { url } = await browser.press(page, BUTTONS.goOn, {}, { stopAt })
    // The other application may refuse tokens of such a clock, so only check that the login ended with a code.
    expect(url.searchParams.get('code')).toEqual(expect.any(String))
    const inspector = await fetch(`${flow.demo.tenant}/_tenant/`)
    expect(await inspector.text()).not.toContain('answer_not_valid')
    expect(await tenant.writes()).toEqual([])
  })

  it('by more than an hour: the page says that the URL cannot be used', async () => {
    await tenant.clock(3_700)
    const page = await flow.signIn(new FlowBrowser(), 'ann@example.com', withGoogle)
    expect([page.status, errorCode(page)]).toEqual([400, 'bad_token'])
    expect(await tenant.writes()).toEqual([])
  })
})

describe('the response to the call that links', () => {
  it.each([
    ['is lost after the link was made', { match: LINK, effect: { drop: 'after' }, times: 1 }],
    [
      'breaks off',
      {
        match: LINK,
        effect: { drop: 'after', status: 201, body: '[{"provider":', truncate: true },
        times: 1,
      },
    ],
    [
      'is a 502 after the link was made',
      { match: LINK, effect: { drop: 'after', status: 502, body: '<html>' }, times: 1 },
    ],
    ['was an error and the link was not made', { match: LINK, effect: { status: 500 }, times: 1 }],
  ])('%s: the Action reads whether the link was made, and there is one link', async (_how, fault) => {
    const browser = new FlowBrowser()
    const confirm = await flow.annAtConfirm(browser)
    await tenant.faults(fault)
    expect(claimsOf(await browser.press(confirm, BUTTONS.link)).sub).toBe('auth0|ann')
    const links = (await tenant.writes()).filter((write) => write.startsWith('link'))
    expect(links).toEqual(['link /api/v2/users/auth0|ann/identities'])
  })

  it('is lost, as are the reads after it: the person is asked to sign in once more, and then has the linked account', async () => {
    const browser = new FlowBrowser()
    const confirm = await flow.annAtConfirm(browser)
    await tenant.faults(
      { match: LINK, effect: { drop: 'after' } },
      { match: { method: 'GET', path: '^/api/v2/users/[^/]+$' }, effect: { status: 503 } },
    )
    const done = await browser.press(confirm, BUTTONS.link)
    expect(claimsOf(done)).toEqual({
      error: 'access_denied',
      error_description: 'Please sign in once more.',
    })
    const again = await flow.signIn(new FlowBrowser(), 'ann@example.com', withGoogle)
    expect(claimsOf(again).sub).toBe('auth0|ann')
  })

  it('is a refusal: nothing is linked, the login goes on, and the unused snapshot has no effect', async () => {
    const browser = new FlowBrowser()
    const confirm = await flow.annAtConfirm(browser)
    await tenant.faults({ match: LINK, effect: { status: 400, body: { message: 'no' } } })
    expect(claimsOf(await browser.press(confirm, BUTTONS.link)).sub).toBe('google-oauth2|ann-g')
    expect((await tenant.user('google-oauth2|ann-g'))?.user_metadata).toEqual({
      theme: 'light',
      newsletter: true,
    })
    expect(claimsOf(await flow.signIn(new FlowBrowser(), 'dee@example.com')).sub).toBe('auth0|dee')
  })
})

describe('writing the snapshot', () => {
  it.each([
    ['fails', { match: { method: 'PATCH' }, effect: { status: 500 } }],
    ['is not allowed', { match: { method: 'PATCH' }, effect: { status: 403 } }],
  ])('%s: the Action tries no link, and the login goes on', async (_how, fault) => {
    const browser = new FlowBrowser()
    const confirm = await flow.annAtConfirm(browser)
    await tenant.faults(fault)
    expect(claimsOf(await browser.press(confirm, BUTTONS.link)).sub).toBe('google-oauth2|ann-g')
    expect((await tenant.calls()).filter((call) => call.includes('/identities'))).toEqual([])
  })
})

describe('the tenant during the second authorization', () => {
  it.each([
    ['issues no token', { match: { path: '^/oauth/token$' }, effect: { status: 503 } }, 'tenant_unreachable'],
    ['hangs up', { match: { path: '^/oauth/token$' }, effect: { drop: 'before' } }, 'tenant_unreachable'],
    [
      'refuses the code',
      { match: { path: '^/oauth/token$' }, effect: { status: 403, body: { error: 'invalid_grant' } } },
      'sign_in_failed',
    ],
    ['has no keys', { match: { path: 'jwks' }, effect: { status: 500 } }, 'tenant_unreachable'],
  ])('%s: the page says so, and the login goes on', async (_how, fault, code) => {
    const browser = new FlowBrowser()
    const prompt = await flow.annAtPrompt(browser)
    const form = await browser.press(prompt, BUTTONS.link)
    await tenant.faults(fault)
    const page = await browser.press(form, 'Continue', {
      'Email address': 'ann@example.com',
      Password: 'correct horse',
    })
    expect(errorCode(page)).toBe(code)
    await tenant.mend()
    expect(claimsOf(await browser.press(page, BUTTONS.goOn)).sub).toBe('google-oauth2|ann-g')
    expect(await tenant.writes()).toEqual([])
  })
})
