import { decodeJwt } from 'jose'
import { beforeEach, describe, expect, it } from 'vitest'
import { playActions, SEND_WITH_TOKEN, scriptAction, TAKE_ANSWER } from '../support/action/play-actions'
import { TestBrowser, type Visit } from '../support/browser/browser'
import { startLogin } from '../support/tenant/sign-in'
import { answerToken, resume } from '../support/tenant/suspended-login'
import { aTenant } from '../support/tenant/tenant'

const tenant = await aTenant()
const { state } = tenant

const CALLBACK = 'http://localhost:3000/settings/connected-accounts/browser/callback'

beforeEach(() => {
  state.reset()
  playActions(tenant, [])
})

/** Opens an authorization request of `demo-spa`. Empty parameters are left out. */
function request(browser: TestBrowser, parameters: Record<string, string> = {}): Promise<Visit> {
  const url = new URL('/authorize', tenant.loginOrigin)
  const all = {
    client_id: 'demo-spa',
    redirect_uri: CALLBACK,
    response_type: 'token id_token',
    scope: 'openid email',
    state: 'a state & more',
    nonce: 'a nonce',
    ...parameters,
  }
  for (const [name, value] of Object.entries(all)) if (value !== '') url.searchParams.set(name, value)
  return browser.visit(url, { stopAt: all.redirect_uri })
}

async function signIn(parameters: Record<string, string> = {}, stopAt = CALLBACK): Promise<Visit> {
  const browser = new TestBrowser()
  const fields = { 'Email address': 'ann@example.com', Password: 'correct horse' }
  return browser.press(await request(browser, parameters), 'Continue', fields, { stopAt })
}

const fragment = ({ url }: Visit) => Object.fromEntries(new URLSearchParams(url.hash.slice(1)))

describe('an authorization request for tokens', () => {
  it.each(['token id_token', 'id_token token'])('is answered in the fragment, as %s', async (types) => {
    const visit = await signIn({ response_type: types })
    expect(visit.url.search).toBe('')
    expect(visit.headers.get('cache-control')).toBe('no-store')
    const answer = fragment(visit)
    expect(answer).toEqual({
      access_token: expect.any(String),
      id_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: '7200',
      scope: 'openid email',
      state: 'a state & more',
    })
    expect(decodeJwt(answer.id_token ?? '')).toMatchObject({
      aud: 'demo-spa',
      sub: 'auth0|ann',
      nonce: 'a nonce',
      at_hash: expect.stringMatching(/^[\w-]{22}$/),
    })
  })

  it('gets an ID token alone, without the hash of an access token', async () => {
    const answer = fragment(await signIn({ response_type: 'id_token' }))
    expect(Object.keys(answer).sort()).toEqual(['id_token', 'state'])
    expect(decodeJwt(answer.id_token ?? '')).not.toHaveProperty('at_hash')
  })

  it('gets an access token alone, without a nonce', async () => {
    const answer = fragment(await signIn({ response_type: 'token', nonce: '' }))
    expect(answer).not.toHaveProperty('id_token')
    expect(answer.access_token).toMatch(/^ey/)
  })

  it('gets an access token for the Management API that is valid for two hours, and no refresh token', async () => {
    const audience = `${tenant.canonicalOrigin}/api/v2/`
    const scope =
      'openid offline_access read:current_user update:current_user_identities update:current_user_metadata update:users'
    const answer = fragment(await signIn({ audience, scope }))
    const granted = 'openid read:current_user update:current_user_identities update:current_user_metadata'
    expect(answer).toMatchObject({ scope: granted })
    expect(answer).not.toHaveProperty('refresh_token')
    const claims = decodeJwt(answer.access_token ?? '')
    expect(claims).toMatchObject({ azp: 'demo-spa', sub: 'auth0|ann', scope: granted })
    expect([claims.aud].flat()[0]).toBe(audience)
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(7200)
    expect(state.refreshTokens.size).toBe(0)
  })

  it.each([
    ['in a query', { response_mode: 'query' }, 'invalid_request', 'Unsupported response_mode: query'],
    ['in an unknown mode', { response_mode: 'post' }, 'invalid_request', 'Unsupported response_mode: post'],
    ['without a nonce', { nonce: '' }, 'invalid_request', 'Missing required parameter: nonce'],
    ['without the scope openid', { scope: 'email' }, 'invalid_request', 'An ID token needs the scope openid'],
    [
      'with a code beside them',
      { response_type: 'code token' },
      'unsupported_response_type',
      'Unsupported response type: code token',
    ],
    [
      'by a client without the grant type',
      { client_id: 'demo-app', redirect_uri: 'http://localhost:3000/auth/callback' },
      'unauthorized_client',
      "Grant type 'implicit' not allowed for the client.",
    ],
    ['with prompt=none and no session', { prompt: 'none' }, 'login_required', 'Login required'],
  ])('is refused %s, in the fragment', async (_how, parameters, error, description) => {
    const visit = await request(new TestBrowser(), parameters)
    expect(visit.url.search).toBe('')
    expect(fragment(visit)).toEqual({ error, error_description: description, state: 'a state & more' })
  })

  it('reuses the session of the browser', async () => {
    const browser = new TestBrowser()
    const fields = { 'Email address': 'ann@example.com', Password: 'correct horse' }
    await browser.press(await request(browser), 'Continue', fields, { stopAt: CALLBACK })
    expect(fragment(await request(browser, { prompt: 'none' }))).toHaveProperty('id_token')
  })
})

describe('an authorization request for a code', () => {
  const code = {
    response_type: 'code',
    code_challenge: 'c'.repeat(43),
    code_challenge_method: 'S256',
  }

  it('gets its response in the query, or in the fragment if requested', async () => {
    const inQuery = await signIn(code)
    expect([inQuery.url.searchParams.has('code'), inQuery.url.hash]).toEqual([true, ''])
    const inFragment = await signIn({ ...code, response_mode: 'fragment' })
    expect([Object.keys(fragment(inFragment)), inFragment.url.search]).toEqual([['code', 'state'], ''])
  })

  it('requires a code challenge from a public client', async () => {
    const visit = await request(new TestBrowser(), { response_type: 'code' })
    expect(visit.url.searchParams.get('error_description')).toBe('Parameter code_challenge is required')
  })
})

describe('the Actions of a login for tokens', () => {
  it('see the implicit protocol and the requested response', async () => {
    scriptAction(
      tenant,
      `const { protocol, response_type, response_mode } = event.transaction
       api.idToken.setCustomClaim('https://example.com/seen', { protocol, response_type, response_mode,
         metadata: event.client.metadata })`,
    )
    const claims = decodeJwt(fragment(await signIn()).id_token ?? '')
    expect(claims['https://example.com/seen']).toEqual({
      protocol: 'oidc-implicit-profile',
      response_type: ['token', 'id_token'],
      response_mode: 'fragment',
      metadata: { account_linking: 'true' },
    })
  })

  it('deny it in the fragment', async () => {
    scriptAction(tenant, `api.access.deny('not you')`)
    expect(fragment(await signIn())).toMatchObject({ error: 'access_denied', error_description: 'not you' })
  })

  it('may send the user away before the tokens are issued', async () => {
    scriptAction(tenant, SEND_WITH_TOKEN, TAKE_ANSWER)
    const browser = new TestBrowser()
    const fields = { 'Email address': 'ann@example.com', Password: 'correct horse' }
    const service = 'http://localhost:3000/link'
    const { url } = await browser.press(await request(browser), 'Continue', fields, { stopAt: service })
    const token = url.searchParams.get('session_token') ?? ''
    const login = { ...(await startLogin(tenant)), redirectUri: CALLBACK }
    const suspended = { login, url, claims: decodeJwt(token), state: url.searchParams.get('state') ?? '' }
    const last = await resume(tenant, browser, suspended, await answerToken(tenant, suspended))
    expect(decodeJwt(fragment(last).id_token ?? '').sub).toBe('auth0|ann')
  })
})

describe('discovery', () => {
  it('lists the response types and modes', async () => {
    const response = await fetch(`${tenant.loginOrigin}/.well-known/openid-configuration`)
    expect(await response.json()).toMatchObject({
      response_types_supported: ['code', 'token', 'id_token', 'token id_token'],
      response_modes_supported: ['query', 'fragment', 'form_post', 'web_message'],
      grant_types_supported: expect.arrayContaining(['implicit']),
    })
  })
})
