import { createContext, runInContext } from 'node:vm'
import { decodeJwt } from 'jose'
import { beforeEach, describe, expect, it } from 'vitest'
import { playActions, scriptAction } from '../support/action/play-actions'
import { TestBrowser, type Visit } from '../support/browser/browser'
import { aTenant } from '../support/tenant/tenant'

const tenant = await aTenant()
const { state } = tenant

const CALLBACK = 'http://localhost:3000/auth/callback'
const CODE = { response_type: 'code', code_challenge: 'c'.repeat(43), code_challenge_method: 'S256' }
const TOKENS = { response_type: 'id_token', nonce: 'a nonce' }
const STATE = `a </script> "state" & 'more'`

beforeEach(() => {
  state.reset()
  playActions(tenant, [])
})

function request(browser: TestBrowser, parameters: Record<string, string>): Promise<Visit> {
  const url = new URL('/authorize', tenant.loginOrigin)
  const all = {
    client_id: 'demo-spa',
    redirect_uri: CALLBACK,
    scope: 'openid email',
    state: STATE,
    ...parameters,
  }
  for (const [name, value] of Object.entries(all)) url.searchParams.set(name, value)
  return browser.visit(url, { stopAt: CALLBACK })
}

async function signIn(browser: TestBrowser, parameters: Record<string, string>): Promise<Visit> {
  const fields = { 'Email address': 'ann@example.com', Password: 'correct horse' }
  return browser.press(await request(browser, parameters), 'Continue', fields, { stopAt: CALLBACK })
}

/** Returns what the form of a document would post. */
function posted({ html }: Visit) {
  const form = html.querySelector('form')
  const inputs = form?.querySelectorAll('input[type=hidden]') ?? []
  return {
    method: form?.getAttribute('method'),
    action: form?.getAttribute('action'),
    fields: Object.fromEntries(
      inputs.map((input) => [input.getAttribute('name'), input.getAttribute('value')]),
    ),
  }
}

/**
 * Returns what the script of a document posts to the window that opened it or to the page that embeds it, and which origin
 * may read it.
 */
function messages({ html }: Visit, hasOpener: boolean) {
  const sent: unknown[] = []
  const post = (whom: string) => ({
    postMessage: (message: unknown, to: string) => sent.push([whom, message, to]),
  })
  const window = { opener: hasOpener ? post('opener') : null, parent: post('parent') }
  const [script, ...others] = html.querySelectorAll('script')
  expect(others).toEqual([])
  runInContext(script?.textContent ?? '', createContext({ window }))
  return JSON.parse(JSON.stringify(sent))
}

describe('response_mode=form_post', () => {
  it.each([
    ['a code', CODE, 'code'],
    ['tokens', TOKENS, 'id_token'],
  ])('hands over %s in a form that a script submits', async (_what, parameters, name) => {
    const visit = await signIn(new TestBrowser(), { ...parameters, response_mode: 'form_post' })
    expect([visit.status, visit.headers.get('cache-control')]).toEqual([200, 'no-store'])
    expect(posted(visit)).toEqual({
      method: 'post',
      action: CALLBACK,
      fields: { [name]: expect.any(String), state: STATE },
    })
    expect(visit.html.querySelectorAll('script').map(({ textContent }) => textContent)).toEqual([
      'document.forms[0].submit()',
    ])
    expect(visit.html.querySelector('button')?.text).toBe('Continue')
  })

  it('returns a code that can be exchanged for tokens', async () => {
    const verifier = 'v'.repeat(43)
    const challenge = Buffer.from(
      await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier)),
    ).toString('base64url')
    const visit = await signIn(new TestBrowser(), {
      ...CODE,
      code_challenge: challenge,
      response_mode: 'form_post',
    })
    const response = await fetch(`${tenant.loginOrigin}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: 'demo-spa',
        code: posted(visit).fields.code ?? '',
        code_verifier: verifier,
        redirect_uri: CALLBACK,
      }),
    })
    expect(decodeJwt((await response.json()).id_token).sub).toBe('auth0|ann')
  })

  it('hands over errors in the same way', async () => {
    scriptAction(tenant, `api.access.deny('not <you>')`)
    const visit = await signIn(new TestBrowser(), { ...CODE, response_mode: 'form_post' })
    expect(posted(visit).fields).toEqual({
      error: 'access_denied',
      error_description: 'not <you>',
      state: STATE,
    })
    const none = await request(new TestBrowser(), { ...CODE, response_mode: 'form_post', prompt: 'none' })
    expect(posted(none).fields).toMatchObject({ error: 'login_required', state: STATE })
  })
})

describe('response_mode=web_message', () => {
  const MESSAGE = { ...CODE, response_mode: 'web_message' }

  it.each([
    ['opener', true],
    ['parent', false],
  ])('hands over the response to the %s, and to no other origin', async (whom, hasOpener) => {
    const visit = await signIn(new TestBrowser(), MESSAGE)
    expect([visit.status, visit.headers.get('cache-control')]).toEqual([200, 'no-store'])
    const response = { code: expect.any(String), state: STATE }
    expect(messages(visit, hasOpener)).toEqual([
      [whom, { type: 'authorization_response', response }, 'http://localhost:3000'],
    ])
  })

  it('tells the page around a frame whether there is a session', async () => {
    const browser = new TestBrowser()
    const [[, before]] = messages(await request(browser, { ...MESSAGE, prompt: 'none' }), false)
    expect(before.response).toEqual({
      error: 'login_required',
      error_description: 'Login required',
      state: STATE,
    })
    await signIn(browser, MESSAGE)
    const [[, after]] = messages(await request(browser, { ...MESSAGE, prompt: 'none' }), false)
    expect(after.response).toEqual({ code: expect.any(String), state: STATE })
    const [[, tokens]] = messages(
      await request(browser, { ...TOKENS, response_mode: 'web_message', prompt: 'none' }),
      false,
    )
    expect(decodeJwt(tokens.response.id_token)).toMatchObject({ sub: 'auth0|ann', nonce: 'a nonce' })
  })

  it('is only allowed for callbacks at a web origin of the client', async () => {
    const spa = state.clients.get('demo-spa')
    if (spa) spa.web_origins = ['http://localhost:3001']
    const visit = await request(new TestBrowser(), { ...MESSAGE, prompt: 'none' })
    expect([visit.status, visit.html.querySelector('.problem')?.text]).toEqual([
      403,
      `The specified redirect_uri '${CALLBACK}' does not have a registered origin.`,
    ])
    expect(visit.html.querySelector('script')).toBeNull()
    const other = { client_id: 'demo-other', redirect_uri: 'com.example.demo://callback' }
    expect((await request(new TestBrowser(), { ...MESSAGE, ...other })).status).toBe(403)
  })
})

describe('the Actions of a login', () => {
  it.each(['form_post', 'web_message'])('see the mode %s', async (mode) => {
    scriptAction(tenant, 'api.access.deny(event.transaction.response_mode)')
    const visit = await signIn(new TestBrowser(), { ...CODE, response_mode: mode })
    expect(visit.html.toString()).toContain(mode)
  })
})

it.each(['form', 'query_post', 'fragment web_message'])('response_mode=%s is refused', async (mode) => {
  const { url } = await request(new TestBrowser(), { ...CODE, response_mode: mode })
  expect(url.searchParams.get('error_description')).toBe(`Unsupported response_mode: ${mode}`)
})
