import { NextRequest } from 'next/server'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { config, middleware } from '@/middleware'
import { APP_ENVIRONMENT } from './support/process/app-environment'

const ISSUER = 'http://localhost:4400/'
const APP = 'http://localhost:3000'

beforeEach(() => {
  for (const [name, value] of Object.entries(APP_ENVIRONMENT)) vi.stubEnv(name, value)
  vi.stubGlobal('fetch', async () =>
    Response.json({
      issuer: ISSUER,
      authorization_endpoint: `${ISSUER}authorize`,
      token_endpoint: `${ISSUER}oauth/token`,
      jwks_uri: `${ISSUER}.well-known/jwks.json`,
    }),
  )
  vi.spyOn(console, 'log').mockImplementation(() => undefined)
  vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
})

afterEach(() => {
  vi.unstubAllGlobals()
  vi.unstubAllEnvs()
})

const get = (path: string, headers: Record<string, string> = {}) =>
  middleware(new NextRequest(`${APP}${path}`, { headers }))
const policyOf = (response: Response) => response.headers.get('content-security-policy') ?? ''

describe('middleware', () => {
  it('passes no other parameter of a sign-in on than returnTo', async () => {
    const response = await get(
      '/auth/login?connection=evil&prompt=none&audience=x&organization=org_1&scope=all&challengeMode=popup&returnTo=/',
    )
    const target = new URL(response.headers.get('location') ?? '')
    expect(target.origin + target.pathname).toBe(`${ISSUER}authorize`)
    expect([...target.searchParams.keys()].sort()).toEqual([
      'client_id',
      'code_challenge',
      'code_challenge_method',
      'max_age',
      'nonce',
      'redirect_uri',
      'response_type',
      'scope',
      'state',
    ])
    expect(target.searchParams.get('scope')).toBe('openid profile email')
  })

  it('keeps the transaction of a sign-in for 15 minutes, away from scripts', async () => {
    const cookie = (await get('/auth/login')).headers.getSetCookie().find((line) => line.startsWith('__txn_'))
    expect(cookie).toMatch(/Max-Age=900/)
    expect(cookie).toMatch(/HttpOnly/i)
    expect(cookie).toMatch(/SameSite=lax/i)
  })

  it('starts no sign-in for a prefetch', async () => {
    const response = await get('/auth/login', { 'sec-purpose': 'prefetch' })
    expect(response.status).toBe(204)
    expect(response.headers.getSetCookie()).toEqual([])
  })

  it('redirects a callback that belongs to no sign-in to the page that says so, without echoing anything', async () => {
    const response = await get('/auth/callback?state=x&error=access_denied&error_description=Call+555-1234')
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toBe(`${APP}/sign-in-failed?code=no_flow`)
  })

  it('clears the cache and the storage of the browser at sign-out', async () => {
    const response = await get('/auth/logout?returnTo=https://evil.example')
    expect(response.headers.get('clear-site-data')).toBe('"cache", "storage"')
    expect(response.headers.get('location')).not.toContain('evil')
  })

  it.each([
    '/auth/access-token',
    '/auth/mfa/verify',
    '/auth/passwordless/start',
    '/auth/connect',
    '/me/x',
    '/my-org/x',
  ])('does not mount %s', async (path) => {
    expect((await get(path)).headers.get('x-middleware-next')).toBe('1')
  })

  it('sends visitors of the settings without a session to sign in', async () => {
    const response = await get('/settings/connected-accounts')
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toBe(
      `${APP}/auth/login?returnTo=%2Fsettings%2Fconnected-accounts`,
    )
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  it('lets a request with a session cookie, whatever it holds, through to the page', async () => {
    const response = await get('/settings/connected-accounts', { cookie: 'session=forged' })
    expect(response.headers.get('x-middleware-next')).toBe('1')
  })

  it('gives every page a content security policy with a new nonce, in the response and for the renderer', async () => {
    const [first, second] = [await get('/'), await get('/')]
    expect(policyOf(first)).toMatch(/script-src 'nonce-[0-9a-f-]{36}' 'strict-dynamic'/)
    expect(policyOf(first)).not.toBe(policyOf(second))
    expect(first.headers.get('x-middleware-request-content-security-policy')).toBe(policyOf(first))
    expect(first.headers.get('cache-control')).toBe('no-store')
  })

  it.each(['/', '/settings/connected-accounts'])(
    'reads a form at %s once, and leaves it to Next.js',
    async (path) => {
      const boundary = { 'content-type': 'multipart/form-data; boundary=x' }
      const body = '--x\r\ncontent-disposition: form-data; name="a"\r\n\r\nv\r\n--x--\r\n'
      const headers = { origin: APP, cookie: 'session=forged', ...boundary }
      const request = new NextRequest(`${APP}${path}`, { method: 'POST', headers, body })
      const copies = vi.spyOn(request, 'clone')
      expect((await middleware(request)).headers.get('x-middleware-next')).toBe('1')
      expect(copies).toHaveBeenCalledTimes(1)
      expect(await request.text()).toBe(body)
    },
  )

  it.each([
    ['/link', false],
    ['/link/prompt', false],
    ['/healthz', false],
    ['/readyz', false],
    ['/_next/static/chunks/x.js', false],
    ['/', true],
    ['/linked', true],
    ['/healthz/x', true],
    ['/favicon.ico', true],
  ])('runs for %s: %s', (path, runs) => {
    const matcher = new RegExp(`^${config.matcher[0]}$`)
    expect(matcher.test(path)).toBe(runs)
  })
})

describe.each([
  ['/settings/connected-accounts/browser', 'same-origin-allow-popups'],
  ['/settings/connected-accounts/browser/callback', null],
])('middleware, for %s', (path, openerPolicy) => {
  const getWith = async (clientId: string, requested = path, headers: Record<string, string> = {}) => {
    vi.stubEnv('BROWSER_LINKING_CLIENT_ID', clientId)
    vi.resetModules()
    const fresh = await import('@/middleware')
    return fresh.middleware(new NextRequest(`${APP}${requested}`, { headers }))
  }

  it('needs no session, and sets the headers that the page needs', async () => {
    const response = await getWith('spa')
    expect(response.headers.get('x-middleware-next')).toBe('1')
    expect(response.headers.get('cross-origin-opener-policy')).toBe(openerPolicy)
    expect(policyOf(response)).toContain("; connect-src 'self' https://localhost:4401;")
    expect(response.headers.get('x-middleware-request-content-security-policy')).toBe(policyOf(response))
  })

  it('treats the page like any page of the settings if no client is configured', async () => {
    expect((await getWith('')).headers.get('location')).toContain('/auth/login?returnTo=')
    const response = await getWith('', path, { cookie: 'session=forged' })
    expect(response.headers.get('cross-origin-opener-policy')).toBe('same-origin')
    expect(policyOf(response)).toContain("; connect-src 'self';")
  })

  it('does not change the headers of other pages', async () => {
    expect((await getWith('spa', `${path}/more`)).status).toBe(303)
    const start = await getWith('spa', '/')
    expect(start.headers.get('cross-origin-opener-policy')).toBe('same-origin')
    expect(policyOf(start)).toContain("; connect-src 'self';")
  })
})
