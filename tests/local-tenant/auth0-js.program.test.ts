import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { TestBrowser } from '../support/browser/browser'
import { aTenant } from '../support/tenant/tenant'

interface Reply {
  id: number
  // The result of the call, of any shape.
  result?: unknown
  error?: { code?: string; description?: string; statusCode?: number }
}

/** The result of `parseHash`. */
interface Parsed {
  accessToken: string | null
  idToken: string
  idTokenPayload: Record<string, unknown>
  expiresIn: number | null
  tokenType: string | null
  scope: string | null
  state: string
}

const APP = 'http://localhost:3000'
const CALLBACK = `${APP}/settings/connected-accounts/browser/callback`
const SCOPE = 'openid profile email read:current_user update:current_user_identities'

const tenant = await aTenant()
const domain = new URL(tenant.canonicalOrigin).host
const audience = `${tenant.canonicalOrigin}/api/v2/`

let page: ChildProcess
let calls = 0

function aPage(origin: string): ChildProcess {
  return fork(fileURLToPath(new URL('auth0-js-process.mjs', import.meta.url)), {
    env: { ...process.env, NODE_EXTRA_CA_CERTS: tenant.caFile, PAGE_ORIGIN: origin },
  })
}

function send(to: ChildProcess, call: string, options: object, ...args: unknown[]): Promise<Reply> {
  calls += 1
  const id = calls
  return new Promise((resolve) => {
    const onMessage = (reply: Reply) => {
      if (reply.id !== id) return
      to.off('message', onMessage)
      resolve(reply)
    }
    to.on('message', onMessage)
    to.send({ id, call, options, args })
  })
}

beforeAll(() => {
  page = aPage(APP)
})
afterAll(() => {
  page.kill()
})
beforeEach(() => tenant.state.reset())

const webAuth = {
  domain: tenant.loginOrigin,
  clientID: 'demo-spa',
  redirectUri: CALLBACK,
  responseType: 'token id_token',
  overrides: { __token_issuer: `${tenant.loginOrigin}/` },
}

/** Opens the URL that the page would open in a popup. */
async function openPopup(parameters: object, options: object = webAuth) {
  const browser = new TestBrowser()
  const { result: url } = await send(page, 'popupUrl', options, parameters)
  return { browser, visit: await browser.visit(String(url), { stopAt: CALLBACK }) }
}

const parse = (hash: string, options: object = webAuth) => send(page, 'parseHash', options, hash)

async function popupOfAnn(options: object = webAuth): Promise<string> {
  const { browser, visit } = await openPopup({ audience, scope: SCOPE }, options)
  const fields = { 'Email address': 'ann@example.com', Password: 'correct horse' }
  return (await browser.press(visit, 'Continue', fields, { stopAt: CALLBACK })).url.hash
}

async function popupOfAnnsGoogle(): Promise<string> {
  const { browser, visit } = await openPopup({ connection: 'google-oauth2', prompt: 'login', max_age: 0 })
  return (await browser.press(visit, 'ann@example.com', {}, { stopAt: CALLBACK })).url.hash
}

const parsed = async (hash: string) => (await parse(hash)).result as Parsed
const management = (from: ChildProcess, token: string, method: string, ...args: unknown[]) =>
  send(from, 'management', { domain, token }, method, ...args)

describe('auth0-js', () => {
  it('accepts the response in a popup: both tokens, the nonce, and the hash that binds them', async () => {
    expect(await parsed(await popupOfAnn())).toMatchObject({
      accessToken: expect.stringMatching(/^ey/),
      expiresIn: 7200,
      tokenType: 'Bearer',
      scope: SCOPE,
      state: expect.any(String),
      idTokenPayload: {
        iss: `${tenant.loginOrigin}/`,
        aud: 'demo-spa',
        sub: 'auth0|ann',
        email: 'ann@example.com',
        nonce: expect.any(String),
        at_hash: expect.any(String),
      },
    })
  })

  it.each([
    ['nonce', 'Nonce (nonce) claim value mismatch'],
    ['at_hash', 'Invalid access_token'],
    ['iss', 'Issuer (iss) claim mismatch'],
  ])('refuses a response with a wrong %s', async (claim, description) => {
    // Unless it gets the key, auth0-js looks it up at the token's issuer.
    const options = {
      ...webAuth,
      overrides: { ...webAuth.overrides, __jwks_uri: `${tenant.loginOrigin}/.well-known/jwks.json` },
    }
    tenant.state.changeOptions({ id_token: { [claim]: 'wrong' } })
    const { error } = await parse(await popupOfAnn(options), options)
    expect(error).toMatchObject({ code: 'invalid_token', description: expect.stringContaining(description) })
  })

  it('accepts an ID token alone, and an access token alone', async () => {
    const ofIdToken = { ...webAuth, responseType: 'id_token' }
    const idToken = (await parse(await popupOfAnn(ofIdToken), ofIdToken)).result
    expect(idToken).toMatchObject({ accessToken: null, idTokenPayload: { sub: 'auth0|ann' } })
    expect(idToken).not.toHaveProperty('idTokenPayload.at_hash')

    const ofToken = { ...webAuth, responseType: 'token' }
    const token = (await parse(await popupOfAnn(ofToken), ofToken)).result
    expect(token).toMatchObject({ accessToken: expect.stringMatching(/^ey/), idToken: null, expiresIn: 7200 })
  })

  it('gets an error in the fragment', async () => {
    const { visit } = await openPopup({ prompt: 'none' })
    expect((await parse(visit.url.hash)).error).toMatchObject({
      code: 'login_required',
      description: 'Login required',
    })
  })

  it('links two accounts from a page, without a server', async () => {
    const primary = await parsed(await popupOfAnn())
    const secondary = await parsed(await popupOfAnnsGoogle())
    expect(secondary.idTokenPayload.sub).toBe('google-oauth2|ann-g')

    const token = String(primary.accessToken)
    const linked = await management(page, token, 'linkUser', 'auth0|ann', secondary.idToken)
    expect(linked.result).toMatchObject([
      { user_id: 'ann' },
      { user_id: 'ann-g', profileData: { email: 'ann@example.com' } },
    ])
    const read = await management(page, token, 'getUser', 'auth0|ann')
    expect(read).toHaveProperty('result.identities.length', 2)
    const paths = tenant.state.ledger.filter(({ path }) => path.startsWith('/api/v2/'))
    expect(paths.map(({ method, path, status, sub }) => [method, path, status, sub])).toEqual([
      ['OPTIONS', '/api/v2/users/auth0|ann/identities', 204, null],
      ['POST', '/api/v2/users/auth0|ann/identities', 201, 'auth0|ann'],
      ['OPTIONS', '/api/v2/users/auth0|ann', 204, null],
      ['GET', '/api/v2/users/auth0|ann', 200, 'auth0|ann'],
    ])
  })

  it('is refused calls that the user may not make', async () => {
    const { accessToken } = await parsed(await popupOfAnn())
    const other = await management(page, String(accessToken), 'getUser', 'auth0|bea')
    expect(other.error).toMatchObject({ statusCode: 403 })
    const unscoped = await management(page, String(accessToken), 'patchUserMetadata', 'auth0|ann', { a: 1 })
    expect(unscoped.error).toMatchObject({ statusCode: 403 })
    expect(tenant.state.users.get('auth0|ann')?.user_metadata).not.toHaveProperty('a')
  })

  it('gets no response on a page of another origin', async () => {
    const { accessToken } = await parsed(await popupOfAnn())
    const elsewhere = aPage('http://evil.example')
    try {
      const { error } = await management(elsewhere, String(accessToken), 'getUser', 'auth0|ann')
      expect(error).toBeDefined()
      expect(error?.statusCode).toBeUndefined()
    } finally {
      elsewhere.kill()
    }
  })
})
