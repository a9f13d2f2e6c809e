import * as client from 'openid-client'
import { beforeEach, describe, expect, it } from 'vitest'
import { TestBrowser } from '../support/browser/browser'
import {
  complete,
  discover,
  open,
  signInByPassword,
  signInWithGoogle,
  startLogin,
} from '../support/tenant/sign-in'
import { aTenant } from '../support/tenant/tenant'

const tenant = await aTenant()

beforeEach(() => tenant.state.reset())

describe('openid-client at the login door', () => {
  it('signs in with code, PKCE, state and nonce', async () => {
    const login = await startLogin(tenant)
    const tokens = await complete(login, await signInByPassword(new TestBrowser(), login, 'ann@example.com'))
    expect(tokens.claims()).toMatchObject({
      iss: `${tenant.loginOrigin}/`,
      aud: 'demo-app',
      sub: 'auth0|ann',
      email: 'ann@example.com',
      email_verified: true,
      name: 'Ann Archer',
    })
  })

  it('signs in a public client', async () => {
    const login = await startLogin(tenant, { clientId: 'demo-spa' })
    const tokens = await complete(login, await signInByPassword(new TestBrowser(), login, 'dee@example.com'))
    expect(tokens.claims()?.sub).toBe('auth0|dee')
  })

  it.each([
    ['silently if the browser has a session', {}, true],
    ['silently with prompt=none', { prompt: 'none' }, true],
    ['silently if the session is young enough', { max_age: '100' }, true],
    ['by asking with prompt=login', { prompt: 'login' }, false],
    ['by asking with prompt=select_account', { prompt: 'select_account' }, false],
    ['by asking with max_age=0', { max_age: '0' }, false],
    ['by asking for another connection than the session has', { connection: 'google-oauth2' }, false],
  ])('signs in a second time %s', async (_how, parameters, isSilent) => {
    const browser = new TestBrowser()
    await signInByPassword(browser, await startLogin(tenant), 'ann@example.com')
    const login = await startLogin(tenant, { parameters })
    const visit = await open(browser, login)
    expect(visit.url.href.startsWith(login.redirectUri)).toBe(isSilent)
  })

  it('asks again if the session is older than max_age', async () => {
    const browser = new TestBrowser()
    await signInByPassword(browser, await startLogin(tenant), 'ann@example.com')
    tenant.state.clockOffset = 101
    const visit = await open(browser, await startLogin(tenant, { parameters: { max_age: '100' } }))
    expect(visit.url.pathname).toBe('/u/login')
  })

  it('proves a fresh login by auth_time', async () => {
    const login = await startLogin(tenant, { parameters: { max_age: '0' }, maxAge: 0 })
    const tokens = await complete(login, await signInByPassword(new TestBrowser(), login, 'ann@example.com'))
    expect(tokens.claims()?.auth_time).toBeGreaterThan(Date.now() / 1000 - 30)
  })

  it('answers prompt=none without a session with login_required', async () => {
    const login = await startLogin(tenant, { parameters: { prompt: 'none' } })
    await expect(complete(login, await open(new TestBrowser(), login))).rejects.toMatchObject({
      error: 'login_required',
    })
  })

  it('refreshes, until the refresh token is revoked', async () => {
    const login = await startLogin(tenant, { parameters: { scope: 'openid offline_access' } })
    const tokens = await complete(login, await signInByPassword(new TestBrowser(), login, 'ann@example.com'))
    const { configuration } = login
    const refreshToken = tokens.refresh_token ?? ''
    const refreshed = await client.refreshTokenGrant(configuration, refreshToken)
    expect(refreshed.claims()?.sub).toBe('auth0|ann')
    await client.tokenRevocation(configuration, refreshToken)
    await expect(client.refreshTokenGrant(configuration, refreshToken)).rejects.toMatchObject({
      error: 'invalid_grant',
    })
  })

  it('returns the userinfo claims that the scope allows', async () => {
    const login = await startLogin(tenant, { parameters: { scope: 'openid email' } })
    const tokens = await complete(login, await signInByPassword(new TestBrowser(), login, 'ann@example.com'))
    const userinfo = await client.fetchUserInfo(login.configuration, tokens.access_token, 'auth0|ann')
    expect(userinfo).toEqual({ sub: 'auth0|ann', email: 'ann@example.com', email_verified: true })
  })

  it('ends the session at logout and returns to an allowed URL', async () => {
    const browser = new TestBrowser()
    const login = await startLogin(tenant)
    const tokens = await complete(login, await signInByPassword(browser, login, 'ann@example.com'))
    const logout = client.buildEndSessionUrl(login.configuration, {
      id_token_hint: tokens.id_token ?? '',
      post_logout_redirect_uri: 'http://localhost:3000',
      state: 'kept',
    })
    const visit = await browser.visit(logout, { stopAt: 'http://localhost:3000' })
    expect(visit.url.href).toBe('http://localhost:3000/?state=kept')
    expect((await open(browser, await startLogin(tenant))).url.pathname).toBe('/u/login')
  })

  it('refuses to redirect to a URL that is not allowed', async () => {
    const visit = await new TestBrowser().visit(
      `${tenant.loginOrigin}/v2/logout?client_id=demo-app&returnTo=https://evil.example/`,
    )
    expect(visit.status).toBe(400)
  })

  it('compares the address without its query at /v2/logout, and with it at /oidc/logout', async () => {
    const query = new URLSearchParams({ client_id: 'demo-app', returnTo: 'http://localhost:3000/?a=b#c' })
    const stopAt = 'http://localhost:3000'
    const visit = await new TestBrowser().visit(`${tenant.loginOrigin}/v2/logout?${query}`, { stopAt })
    expect(visit.url.href).toBe('http://localhost:3000/?a=b#c')
    for (const target of ['http://localhost:3000/x?a=b', 'http://localhost:3000.evil.example/?a=b']) {
      query.set('returnTo', target)
      expect((await new TestBrowser().visit(`${tenant.loginOrigin}/v2/logout?${query}`)).status).toBe(400)
    }
    query.set('post_logout_redirect_uri', 'http://localhost:3000/?a=b')
    expect((await new TestBrowser().visit(`${tenant.loginOrigin}/oidc/logout?${query}`)).status).toBe(400)
  })

  it.each([
    ['a wrong nonce', { nonce: 'wrong' }],
    ['no nonce', { nonce: 'missing' }],
    ['a wrong audience', { aud: 'wrong' }],
    ['a wrong issuer', { iss: 'wrong' }],
    ['no subject', { sub: 'missing' }],
    ['no iat', { iat: 'missing' }],
    ['an expiry in the past', { exp: 'past' }],
    ['no signature', { alg: 'none' }],
    ['another algorithm', { alg: 'HS256' }],
    ['an azp of another client', { aud: ['demo-app', 'x'], azp: 'x' }],
  ])('sends an ID token with %s if the option says so, which the client refuses', async (_what, fault) => {
    tenant.state.options.id_token = fault
    const login = await startLogin(tenant)
    const visit = await signInByPassword(new TestBrowser(), login, 'ann@example.com')
    await expect(complete(login, visit)).rejects.toThrow()
  })

  it.each([
    ['a code that was already used', {}],
    ['a wrong verifier', { code_verifier: 'wrong'.repeat(10) }],
  ])('refuses %s', async (_what, change) => {
    const login = await startLogin(tenant)
    const visit = await signInByPassword(new TestBrowser(), login, 'ann@example.com')
    if ('code_verifier' in change) login.checks.pkceCodeVerifier = change.code_verifier
    else await complete(login, visit)
    await expect(complete(login, visit)).rejects.toMatchObject({ error: 'invalid_grant', status: 403 })
  })

  it('refuses an unknown callback without leaving the tenant', async () => {
    const login = await startLogin(tenant, { parameters: { redirect_uri: 'https://evil.example/' } })
    const visit = await open(new TestBrowser(), login)
    expect([visit.status, visit.url.origin]).toEqual([403, tenant.loginOrigin])
    expect(visit.html.text).toContain('Callback URL mismatch')
  })

  it('signs in with Google as the user of that identity', async () => {
    const login = await startLogin(tenant, {
      parameters: { connection: 'google-oauth2', login_hint: 'x@y.z' },
    })
    const tokens = await complete(login, await signInWithGoogle(new TestBrowser(), login, 'Eve@Example.com'))
    expect(tokens.claims()).toMatchObject({ sub: 'google-oauth2|eve-g', email: 'Eve@Example.com' })
  })

  it('serves a discovery document with its own issuer', async () => {
    const server = (await discover(tenant)).serverMetadata()
    expect(server.issuer).toBe(`${tenant.loginOrigin}/`)
    expect(server.supportsPKCE()).toBe(true)
  })
})
