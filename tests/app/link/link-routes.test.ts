import { SignJWT } from 'jose'
import { parse } from 'node-html-parser'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { GET as nothing } from '@/app/link/[...rest]/route'
import { POST as authenticate } from '@/app/link/authenticate/route'
import { POST as finish } from '@/app/link/finish/route'
import { GET as prompt } from '@/app/link/prompt/route'
import { GET as link, HEAD as linkHead, PUT as linkPut } from '@/app/link/route'
import { fakeTenant } from '../../lib/oidc/faked-tenant'
import { lineOf } from '../../support/browser/browser'
import { APP_ENVIRONMENT } from '../../support/process/app-environment'

const APP = 'http://localhost:3000'
const GOOGLE = { user_id: 'google-oauth2|1', provider: 'google-oauth2', connection: 'google-oauth2' }
const PASSWORD = { user_id: 'auth0|2', provider: 'auth0', connection: 'db' }
const MALLORY = { user_id: 'auth0|666', provider: 'auth0', connection: 'db' }
const START = 1_800_000_000
let count = 0

beforeAll(() => {
  for (const [name, value] of Object.entries(APP_ENVIRONMENT)) vi.stubEnv(name, value)
  vi.useFakeTimers({ toFake: ['Date'] })
})
beforeEach(() => {
  vi.setSystemTime(START * 1000)
  vi.spyOn(console, 'log').mockImplementation(() => undefined)
  fakeTenant()
})
afterEach(() => {
  vi.unstubAllGlobals()
})
afterAll(() => {
  vi.unstubAllEnvs()
  vi.useRealTimers()
})

const later = (seconds: number) => vi.setSystemTime((START + seconds) * 1000)
const nowSeconds = () => Math.floor(Date.now() / 1000)

function mint(claims: Record<string, unknown> = {}): Promise<string> {
  count += 1
  const iat = nowSeconds()
  const all = {
    sub: 'google-oauth2|1',
    iss: 'localhost:4401',
    iat,
    exp: iat + 120,
    current_identity: GOOGLE,
    candidate_identities: [PASSWORD],
    email: 'ann@example.com',
    jti: `token-${count}`,
    ...claims,
  }
  return new SignJWT(all)
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(APP_ENVIRONMENT.SESSION_TOKEN_SHARED_SECRET))
}

/** A browser: keeps cookies, sends the headers of a same-origin form. */
function aBrowser() {
  const jar = new Map<string, string>()
  const keep = (response: Response) => {
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=')
      if (line.includes('Max-Age=0')) jar.delete(name)
      else jar.set(name, value)
    }
    return response
  }
  const cookie = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
  return {
    jar,
    get: async (handler: (request: Request) => Promise<Response>, address: string, headers = {}) =>
      keep(await handler(new Request(new URL(address, APP), { headers: { cookie: cookie(), ...headers } }))),
    post: async (
      handler: (request: Request) => Promise<Response>,
      fields: Record<string, string>,
      headers = {},
    ) =>
      keep(
        await handler(
          new Request(`${APP}/link`, {
            method: 'POST',
            headers: {
              cookie: cookie(),
              origin: APP,
              'content-type': 'application/x-www-form-urlencoded',
              ...headers,
            },
            body: new URLSearchParams(fields).toString(),
          }),
        ),
      ),
  }
}
const linkAddress = (token: string, state: string) =>
  `/link?${new URLSearchParams({ session_token: token, state })}`
const locationOf = (response: Response) => response.headers.get('location') ?? ''
const errorOf = async (response: Response) =>
  parse(await response.text())
    .querySelector('main')
    ?.getAttribute('data-error')
/** The fields of every form except the one that chooses the language. */
async function formsOf(response: Response) {
  return parse(await response.text())
    .querySelectorAll('form:not(.languages)')
    .map((form) =>
      Object.fromEntries(
        form
          .querySelectorAll('input')
          .map((field) => [field.getAttribute('name') ?? '', field.getAttribute('value') ?? '']),
      ),
    )
}
async function openedPrompt(state: string, claims: Record<string, unknown> = {}) {
  const browser = aBrowser()
  const token = await mint(claims)
  const address = linkAddress(token, state)
  const target = locationOf(await browser.get(link, address))
  const [form = {}, notNow = {}, never = {}] = await formsOf(await browser.get(prompt, target))
  return { browser, address, target, form, notNow, never }
}
const payloadOf = (token: string | null | undefined) =>
  JSON.parse(Buffer.from(token?.split('.')[1] ?? '', 'base64url').toString())

describe('GET /link', () => {
  it('accepts a token once: a reload shows the open prompt, another browser gets already_used', async () => {
    const { browser, address, target } = await openedPrompt('once')
    expect(locationOf(await browser.get(link, address))).toBe(target)
    expect(await errorOf(await aBrowser().get(link, address))).toBe('already_used')
    expect(await errorOf(await aBrowser().get(link, address.replace('&state', '%3D&state')))).toBe(
      'already_used',
    )
  })

  it('puts nothing of the token into its redirect, and lets the browser send no referrer', async () => {
    const response = await aBrowser().get(link, linkAddress(await mint(), 'clean'))
    expect([response.status, response.headers.get('referrer-policy')]).toEqual([303, 'no-referrer'])
    expect(locationOf(response)).toMatch(/^http:\/\/localhost:3000\/link\/prompt\?flow=[0-9a-f]{16}$/)
  })

  it.each([
    ['no candidate', { candidate_identities: [] }],
    ['only the current account', { candidate_identities: [GOOGLE] }],
    [
      'only connections that are not trusted',
      { candidate_identities: [{ user_id: 'samlp|x|1', provider: 'samlp', connection: 'x' }] },
    ],
  ])('continues the login at once with %s', async (_what, claims) => {
    const target = new URL(locationOf(await aBrowser().get(link, linkAddress(await mint(claims), 'a+b&c'))))
    expect(target.origin + target.pathname).toBe('http://localhost:4400/continue')
    expect(target.searchParams.get('state')).toBe('a+b&c')
    expect(payloadOf(target.searchParams.get('session_token'))).toMatchObject({
      sub: 'google-oauth2|1',
      result: 'skipped',
      state: 'a+b&c',
    })
  })

  it.each([
    ['a prefetch', { 'sec-purpose': 'prefetch' }, 204],
    ['a link preview', { 'user-agent': 'Slackbot 1.0' }, 403],
  ])('does not use the token up for %s', async (_what, headers, status) => {
    const address = linkAddress(await mint(), `robot-${status}`)
    expect((await aBrowser().get(link, address, headers)).status).toBe(status)
    expect((await aBrowser().get(link, address)).status).toBe(303)
  })

  it('answers HEAD without using a token up, and refuses other methods', async () => {
    expect(linkHead().status).toBe(200)
    const refused = await linkPut(new Request(`${APP}/link`, { method: 'PUT' }))
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  })
})

describe('a request to /link from the login inside a second authorization', () => {
  const nested = { sub: 'auth0|2', current_identity: PASSWORD, candidate_identities: [GOOGLE] }
  const another = { sub: 'auth0|666', current_identity: MALLORY, candidate_identities: [GOOGLE] }
  async function waiting(state: string) {
    const opened = await openedPrompt(state)
    await opened.browser.post(authenticate, opened.form)
    return opened.browser
  }

  it.each([
    ['of the account that is asked for', nested],
    ['of the account in use', {}],
  ])('is continued at once if it is %s, but only once', async (_whose, claims) => {
    const state = `nested-${Object.keys(claims).length}`
    const browser = await waiting(`guard-${state}`)
    const token = await mint(claims)
    const first = new URL(locationOf(await browser.get(link, linkAddress(token, state))))
    expect(first.pathname).toBe('/continue')
    expect(payloadOf(first.searchParams.get('session_token'))).toMatchObject({
      sub: payloadOf(token).sub,
      state,
      result: 'skipped',
    })
    expect(locationOf(await browser.get(link, linkAddress(await mint(nested), `${state}-2`)))).toContain(
      '/link/prompt',
    )
  })

  it('of any other account needs a click, shows whose it is, and does not use up the one request of the flow', async () => {
    const browser = await waiting('guard-another')
    const claims = { ...another, email: 'mallory@evil.example' }
    const response = await browser.get(link, linkAddress(await mint(claims), 'mallory'))
    expect([response.status, response.headers.get('set-cookie')]).toEqual([200, null])
    const text = await response.text()
    expect(lineOf(parse(text))).toContain('Email and password m••@evil.example')
    expect(text).not.toContain('<script')
    const [form = {}] = await formsOf(new Response(text))
    expect(payloadOf(form.session_token)).toMatchObject({
      sub: 'auth0|666',
      state: 'mallory',
      result: 'skipped',
    })
    expect(locationOf(await browser.post(finish, form))).toBe('http://localhost:4400/continue?state=mallory')
    expect(locationOf(await browser.get(link, linkAddress(await mint(nested), 'own')))).toContain('/continue')
  })

  it.each([
    ['the linking client', 'linking', '/continue'],
    ['another client', 'demo-app', '/link/prompt'],
  ])('of our own Action is continued for the linking client only: %s', async (_what, clientId, path) => {
    const browser = await waiting(`guard-${clientId}`)
    const claims = { ...nested, purpose: 'account-link.request', client_id: clientId }
    expect(locationOf(await browser.get(link, linkAddress(await mint(claims), `own-${clientId}`)))).toContain(
      path,
    )
  })

  it('counts as a separate login 15 minutes after the start, and in any other browser', async () => {
    const browser = await waiting('guard-late')
    expect(locationOf(await aBrowser().get(link, linkAddress(await mint(nested), 'elsewhere')))).toContain(
      '/link/prompt',
    )
    later(15 * 60 + 1)
    expect(locationOf(await browser.get(link, linkAddress(await mint(nested), 'late')))).toContain(
      '/link/prompt',
    )
  })
})

describe('the log line of a refusal', () => {
  const lines = () =>
    vi.mocked(console.log).mock.calls.map(([line]): Record<string, unknown> => JSON.parse(String(line)))

  it('names the application of the refused flow, and never that of another flow which is open', async () => {
    const { browser, target } = await openedPrompt('own', { client_id: 'shop' })
    const opened = { client_id: 'shop', connection: 'google-oauth2' }
    expect(lines().at(-1)).toMatchObject({ event: 'flow_opened', ...opened })
    // The error page offers to continue the open flow.
    expect(await formsOf(await browser.get(link, new URL('/link', target).href))).toHaveLength(1)
    expect(lines().at(-1)).toMatchObject({ event: 'refused' })
    expect(lines().at(-1)).not.toHaveProperty('client_id')
    later(15 * 60 + 1)
    await browser.get(prompt, target)
    expect(lines().at(-1)).toMatchObject({ event: 'refused', code: 'expired', ...opened })
  })
})

describe('the offer to continue a flow whose cookie this browser has lost', () => {
  const opens = async (browser: ReturnType<typeof aBrowser>, state: string) => {
    vi.setSystemTime(Date.now() + 1000)
    const claims = { sub: 'auth0|666', current_identity: MALLORY, candidate_identities: [GOOGLE] }
    await browser.get(link, linkAddress(await mint(claims), state))
  }

  it('comes from the posted form, and is never for a flow which someone else has opened', async () => {
    const { browser, form } = await openedPrompt('ann')
    for (const state of ['mallory-1', 'mallory-2']) await opens(browser, state)
    const response = await browser.post(authenticate, form)
    const [goOn = {}, ...others] = await formsOf(response)
    expect(others).toEqual([])
    expect(payloadOf(goOn.session_token)).toMatchObject({
      sub: 'google-oauth2|1',
      state: 'ann',
      result: 'failed',
    })
    const done = await browser.post(finish, goOn)
    expect([done.status, locationOf(done)]).toEqual([307, 'http://localhost:4400/continue?state=ann'])
  })

  it.each([
    ['no answer', { session_token: '' }],
    ['an answer of another flow', {}],
  ])('is not made if the posted form has %s', async (_what, fields) => {
    const { browser, form } = await openedPrompt(`ann-${Object.keys(fields)}`)
    const { form: foreign } = await openedPrompt(`other-${Object.keys(fields)}`)
    for (const state of ['m-1', 'm-2']) await opens(browser, `${state}-${Object.keys(fields)}`)
    const sent = { ...form, session_token: foreign.session_token ?? '', ...fields }
    expect(await formsOf(await browser.post(authenticate, sent))).toEqual([])
  })

  it.each([
    ['an address that names a flow', '/link/prompt?flow=0123456789abcdef', 0],
    ['an address that names no flow', '/link/nothing', 1],
  ])('at %s is made %# times', async (_what, address, count) => {
    const browser = aBrowser()
    await opens(browser, `only-${count}`)
    const response = await browser.get(count === 0 ? prompt : nothing, address)
    const text = await response.text()
    expect(await formsOf(new Response(text))).toHaveLength(count)
    const says = lineOf(parse(text))
    if (count === 1)
      expect(says).toContain('Email and password a••@example.com A sign-in is waiting in this browser')
    else expect(says).not.toContain('is waiting')
  })

  it('is not needed for a flow under way: cookies of flows that were only opened are dropped before its own', async () => {
    const { browser, form } = await openedPrompt('under way')
    await browser.post(authenticate, form)
    for (const state of ['later-1', 'later-2', 'later-3']) {
      later(1)
      const claims = { purpose: 'account-link.request', client_id: 'demo-app' }
      await browser.get(link, linkAddress(await mint(claims), state))
    }
    expect([...browser.jar.keys()].filter((name) => name.startsWith('link_'))).toHaveLength(2)
    expect((await browser.post(authenticate, form)).status).toBe(303)
  })
})

describe('a browser that keeps no cookies', () => {
  const NAVIGATION = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
  const arrives = async (state: string, headers = {}) =>
    locationOf(await aBrowser().get(link, linkAddress(await mint(), state), headers))

  it.each([
    ['a navigation', NAVIGATION],
    ['what says nothing of itself', {}],
    ['a program, which says half of it', { 'sec-fetch-mode': 'cors' }],
  ])('can continue without linking, once, after %s', async (what, headers) => {
    const target = await arrives(`cookieless ${what}`, headers)
    expect(target).toMatch(/^http:\/\/localhost:3000\/link\/prompt\?flow=[0-9a-f]{16}$/)
    const response = await aBrowser().get(prompt, target, headers)
    const text = await response.text()
    expect(await errorOf(new Response(text))).toBe('no_flow')
    expect(text).toContain('keep cookies')
    const [goOn = {}, ...others] = await formsOf(new Response(text))
    expect(others).toEqual([])
    const done = await aBrowser().post(finish, goOn)
    expect([done.status, new URL(locationOf(done)).searchParams.get('state')]).toEqual([
      307,
      `cookieless ${what}`,
    ])
    expect(await formsOf(await aBrowser().get(prompt, target, headers))).toEqual([])
  })

  it.each([
    ['a frame', { ...NAVIGATION, 'sec-fetch-dest': 'iframe' }, NAVIGATION, 0],
    ['a script', { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }, NAVIGATION, 0],
    ['a document that is no navigation', { ...NAVIGATION, 'sec-fetch-mode': 'no-cors' }, NAVIGATION, 0],
    ['a navigation, and a frame then', NAVIGATION, { ...NAVIGATION, 'sec-fetch-dest': 'iframe' }, 0],
    ['a navigation a minute ago', NAVIGATION, NAVIGATION, 61],
  ])('is offered no way to continue after %s', async (what, first, then, seconds) => {
    const target = await arrives(`no way ${what}`, first)
    later(seconds)
    expect(await formsOf(await aBrowser().get(prompt, target, then))).toEqual([])
  })

  it('is not assumed if the request has the cookie of another flow', async () => {
    const { browser } = await openedPrompt('kept')
    const target = locationOf(await browser.get(link, linkAddress(await mint(), 'kept as well')))
    expect(await formsOf(await aBrowser().get(prompt, target))).toEqual([])
  })
})

/** Claims of a session token of our own Action, which remembers that people declined. */
const OWN = { purpose: 'account-link.request', client_id: 'demo-app', txn: 'txn' }

describe('the buttons that decline', () => {
  it.each([
    ['of our own Action are two', OWN, ['declined', 'declined']],
    ['of a published one, which keeps nothing, are “Not now” alone', {}, ['declined']],
  ])('%s', async (what, claims, results) => {
    const { browser, target } = await openedPrompt(`buttons ${what}`, claims)
    const [, ...declines] = await formsOf(await browser.get(prompt, target))
    expect(declines.map(({ session_token }) => payloadOf(session_token).result)).toEqual(results)
    expect(declines.map(({ session_token }) => payloadOf(session_token).never)).toEqual(
      results.map((_result, index) => index === 1 || undefined),
    )
  })
})

describe('POST /link/finish', () => {
  it('hands "not now" to the tenant with a 307, uses the flow up and deletes its cookie', async () => {
    const { browser, notNow, never } = await openedPrompt('not now', OWN)
    expect(payloadOf(notNow.session_token)).toMatchObject({ result: 'declined' })
    expect(payloadOf(never.session_token)).toMatchObject({ result: 'declined', never: true })
    const response = await browser.post(finish, notNow)
    expect([response.status, locationOf(response)]).toEqual([
      307,
      'http://localhost:4400/continue?state=not%20now',
    ])
    expect(browser.jar.size).toBe(0)
    expect(await errorOf(await browser.post(finish, never))).toBe('already_used')
  })

  it('offers to continue after a second press, which made the browser drop the response to the first', async () => {
    const { browser, notNow, never } = await openedPrompt('twice', OWN)
    await browser.post(finish, notNow)
    const [again = {}] = await formsOf(await browser.post(finish, notNow))
    const response = await browser.post(finish, again)
    expect([response.status, locationOf(response)]).toEqual([
      307,
      'http://localhost:4400/continue?state=twice',
    ])
    // It does not offer that for another answer of the same flow.
    expect(await formsOf(await browser.post(finish, { ...again, ...never }))).toEqual([])
  })

  it('asks for one more press when the answer would reach the tenant too late', async () => {
    const { browser, notNow } = await openedPrompt('slow')
    later(91)
    const target = locationOf(await browser.post(finish, notNow))
    expect(target).toBe(`${APP}/link/prompt?flow=${notNow.flow}&slow=1`)
    const page = parse(await (await browser.get(prompt, target)).text())
    expect(page.querySelector('[role=status]')?.text).toBe(
      'That took a moment. Please press the button once more.',
    )
  })

  it.each([
    ['from another origin', { origin: 'https://evil.test' }, {}, 'csrf'],
    ["with another flow's token", {}, { csrf: 'x' }, 'csrf'],
    ['without its token', {}, { csrf: '' }, 'csrf'],
    ['with an answer that we did not sign', {}, { session_token: 'x.y.z' }, 'bad_token'],
  ])('refuses a form %s, and the flow stays usable', async (_what, headers, fields, code) => {
    const { browser, notNow } = await openedPrompt(`csrf ${count}`)
    expect(await errorOf(await browser.post(finish, { ...notNow, ...fields }, headers))).toBe(code)
    expect((await browser.post(finish, notNow)).status).toBe(307)
  })

  it("refuses another flow's answer", async () => {
    const one = await openedPrompt('mix 1')
    const other = await openedPrompt('mix 2')
    expect(
      await errorOf(
        await one.browser.post(finish, { ...one.notNow, session_token: other.notNow.session_token ?? '' }),
      ),
    ).toBe('bad_token')
  })

  it('accepts an answer without identities if the flow is gone', async () => {
    const expired = await aBrowser().get(
      link,
      linkAddress(await mint({ iat: START - 100, exp: START - 60 }), 'gone'),
    )
    const [goOn = {}] = await formsOf(expired)
    const response = await aBrowser().post(finish, goOn)
    expect([response.status, locationOf(response)]).toEqual([
      307,
      'http://localhost:4400/continue?state=gone',
    ])
    later(100)
    const [renewed = {}] = await formsOf(await aBrowser().post(finish, goOn))
    expect((await aBrowser().post(finish, renewed)).status).toBe(307)
  })
})

describe('POST /link/authenticate', () => {
  it('asks again if none of several candidates was chosen', async () => {
    const { browser, form } = await openedPrompt('choice', { candidate_identities: [PASSWORD, MALLORY] })
    const { candidate: _unset, ...unchosen } = form
    expect(locationOf(await browser.post(authenticate, unchosen))).toContain('choose=1')
    expect(locationOf(await browser.post(authenticate, { ...unchosen, candidate: '2' }))).toContain(
      'choose=1',
    )
    expect(locationOf(await browser.post(authenticate, { ...unchosen, candidate: '1' }))).toContain(
      '/authorize?',
    )
  })

  it('passes no posted field on to the tenant', async () => {
    const { browser, form } = await openedPrompt('hatch')
    const target = await browser.post(authenticate, {
      ...form,
      scope: 'evil',
      connection: 'evil',
      redirect_uri: 'https://evil.test',
    })
    expect(locationOf(target)).not.toContain('evil')
  })

  it('answers no_flow without the cookie of the flow', async () => {
    const { form } = await openedPrompt('no cookie')
    expect(await errorOf(await aBrowser().post(authenticate, form))).toBe('no_flow')
  })
})
