import { generateSessionCookie } from '@auth0/nextjs-auth0/testing'
import { NextRequest } from 'next/server'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createSessions } from '@/lib/session/session'
import { APP_ENVIRONMENT } from '../../support/process/app-environment'
import { testConfig } from '../../support/process/services'
import { fakeTenant, signIdToken } from '../oidc/faked-tenant'

const HOUR = 3600
const NOW = 1_800_000_000
const SECURE = {
  APP_BASE_URL: 'https://app.example.com',
  AUTH0_DOMAIN: 'login.example.com',
  AUTH0_MANAGEMENT_DOMAIN: 'tenant.eu.auth0.com',
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW * 1000 })
})

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllEnvs()
})

/** The cookies in the response to a request of someone who signed in `age` seconds ago. */
async function cookiesAfter(age: number, environment: Record<string, string>, name: string) {
  const variables = { ...APP_ENVIRONMENT, ...environment }
  const { extendSession } = createSessions(testConfig(environment))
  const cookie = await generateSessionCookie(
    {
      user: { sub: 'auth0|ann' },
      tokenSet: { accessToken: 'token', expiresAt: NOW + HOUR },
      internal: { sid: 'sid', createdAt: NOW - age },
    },
    { secret: variables.AUTH0_SECRET ?? '' },
  )
  const url = `${variables.APP_BASE_URL}/settings/connected-accounts`
  return extendSession(new NextRequest(url, { headers: { cookie: `${name}=${cookie}` } }))
}

describe('currentSession', () => {
  it.each([
    ['org_1', 'org_1'],
    [undefined, undefined],
    [7 as unknown as string, undefined],
  ])('contains the organization that the person signed in to: %s', async (org_id, organization) => {
    const cookie = await generateSessionCookie(
      {
        user: { sub: 'auth0|ann', org_id: org_id as string | undefined },
        tokenSet: { accessToken: 'token', expiresAt: NOW + HOUR },
        internal: { sid: 'sid', createdAt: NOW },
      },
      { secret: APP_ENVIRONMENT.AUTH0_SECRET ?? '' },
    )
    const headers = { cookie: `session=${cookie}` }
    const request = new NextRequest('http://localhost:3000/settings/connected-accounts', { headers })
    expect(await createSessions(testConfig()).currentSession(request)).toMatchObject({
      userId: 'auth0|ann',
      organization,
    })
  })
})

describe('extendSession', () => {
  it.each([
    ['by 30 minutes without activity', 60, 30 * 60],
    ['never beyond 8 hours after the sign-in', 8 * HOUR - 300, 300],
  ])('extends a session %s', async (_what, age, maxAge) => {
    const [cookie] = await cookiesAfter(age, {}, 'session')
    expect(cookie).toMatchObject({ name: 'session', httpOnly: true, sameSite: 'lax', path: '/', maxAge })
    expect(cookie?.domain).toBeUndefined()
  })

  it('uses a cookie that only this host can set, over TLS', async () => {
    const [cookie] = await cookiesAfter(60, SECURE, '__Host-session')
    expect(cookie).toMatchObject({ name: '__Host-session', secure: true, path: '/' })
    expect(cookie?.domain).toBeUndefined()
  })

  it('sets no cookie if there is no session', async () => {
    expect(await cookiesAfter(60, {}, 'another')).toEqual([])
  })
})

/** A browser that calls the session routes and keeps their cookies. */
async function routes(environment: Record<string, string>) {
  const variables = { ...APP_ENVIRONMENT, ...environment }
  const { handleSessionRoute } = createSessions(testConfig(environment))
  const jar = new Map<string, string>()
  return {
    jar,
    ask: async (path: string) => {
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
      const request = new NextRequest(`${variables.APP_BASE_URL}${path}`, { headers: { cookie } })
      const response = await handleSessionRoute(request)
      for (const { name, value, maxAge } of response.cookies.getAll())
        maxAge === 0 ? jar.delete(name) : jar.set(name, value)
      return response
    },
  }
}
/** The tenant's token response. */
const tokens = (idToken: string) =>
  Response.json({ access_token: 'opaque', token_type: 'Bearer', expires_in: 60, id_token: idToken })
const goalOf = (response: Response) => new URL(response.headers.get('location') ?? '')

describe('handleSessionRoute', () => {
  it.each([
    ['https://localhost:4401', 'https://localhost:4401'],
    ['http://localhost:4400', 'http://localhost:4400'],
    ['localhost', 'https://localhost'],
    ['login.example.com', 'https://login.example.com'],
  ])('signs a person in and out at %s', async (domain, origin) => {
    const isLocal = domain.includes('localhost')
    let idToken = ''
    // The library keeps the first `fetch` that it uses.
    const calls = fakeTenant({
      answers: {
        '/oauth/token': () => tokens(idToken),
      },
    })
    const { jar, ask } = await routes(isLocal ? { AUTH0_DOMAIN: domain } : SECURE)
    const login = goalOf(await ask('/auth/login'))
    expect(login.origin + login.pathname).toBe(`${origin}/authorize`)

    idToken = await signIdToken({
      iss: `${origin}/`,
      aud: login.searchParams.get('client_id') ?? '',
      sub: 'auth0|ann',
      nonce: login.searchParams.get('nonce') ?? '',
      iat: NOW,
      exp: NOW + HOUR,
      auth_time: NOW,
    })
    const answer = new URLSearchParams({ code: 'code', state: login.searchParams.get('state') ?? '' })
    const back = await ask(`/auth/callback?${answer}`)
    expect(goalOf(back).pathname).toBe('/settings/connected-accounts')
    expect(calls.filter(({ path }) => path === '/oauth/token').map((call) => call.origin)).toEqual([origin])
    expect([...jar.keys()]).toEqual([isLocal ? 'session' : '__Host-session'])

    const logout = goalOf(await ask('/auth/logout'))
    expect(logout.origin + logout.pathname).toBe(`${origin}/v2/logout`)
    expect(jar.size).toBe(0)
  })
})

describe('the size of the cookies of a sign-in', () => {
  /** Signs a person in at a tenant whose ID token has these claims. */
  async function signIn(path: string, claims: Record<string, unknown> = {}) {
    let idToken = ''
    // The library keeps the first `fetch` that it uses.
    fakeTenant({ answers: { '/oauth/token': () => tokens(idToken) } })
    const { jar, ask } = await routes({})
    const login = goalOf(await ask(path))
    idToken = await signIdToken({
      iss: 'http://localhost:4400/',
      aud: login.searchParams.get('client_id') ?? '',
      sub: 'auth0|ann',
      nonce: login.searchParams.get('nonce') ?? '',
      ...{ iat: NOW, exp: NOW + HOUR, auth_time: NOW },
      ...claims,
    })
    const answer = new URLSearchParams({ code: 'code', state: login.searchParams.get('state') ?? '' })
    const back = await ask(`/auth/callback?${answer}`)
    return { back, session: jar.get('session') ?? '' }
  }

  it.each([
    ['names', { name: 'n'.repeat(300), nickname: 'n'.repeat(300), given_name: 'n'.repeat(150) }],
    ['a name in another script', { name: '名'.repeat(100) }],
    ['the URL of a picture', { picture: `https://cdn.example.com/${'p'.repeat(90)}` }],
  ])('does not depend on %s', async (_what, claims) => {
    const { session } = await signIn('/auth/login', claims)
    expect(session).not.toBe('')
    expect(session).toHaveLength((await signIn('/auth/login')).session.length)
  })

  it.each([
    [256, 256],
    [257, '/settings/connected-accounts'.length],
  ])('limits the page to return to: %i characters', async (length, kept) => {
    const { back } = await signIn(
      `/auth/login?${new URLSearchParams({ returnTo: `/${'r'.repeat(length - 1)}` })}`,
    )
    expect(goalOf(back).pathname).toHaveLength(kept)
  })

  it.each([
    [2_048, 2_048],
    [2_049, '/settings/connected-accounts'.length],
  ])('limits the page to return to with its query: %i bytes', async (length, kept) => {
    const returnTo = `/settings/connected-accounts?return_to=${'%25'.repeat(9)}`.padEnd(length, 'r')
    const { back } = await signIn(`/auth/login?${new URLSearchParams({ returnTo })}`)
    const { pathname, search } = goalOf(back)
    expect(pathname + search).toHaveLength(kept)
  })

  it('is limited together with all others: an older flow of the page is dropped', async () => {
    const { jar, ask } = await routes({})
    fakeTenant()
    const older = 'connect_0123456789abcdef'
    jar.set(older, 'x'.repeat(5_500))
    const lines = (await ask('/auth/login')).headers.getSetCookie()
    expect(lines.filter((line) => line.startsWith(older))).toEqual([
      expect.stringMatching(/=; Path=\/; Max-Age=0; Expires=/),
    ])
  })
})

describe('a failed sign-in', () => {
  const RETURN_TO = '/settings/connected-accounts?client_id=shop&return_to=https://shop.example/?a%26b'
  const loginAt = (returnTo: string) => `/auth/login?${new URLSearchParams({ returnTo })}`

  it.each([
    [RETURN_TO, RETURN_TO],
    ['/settings/connected-accounts', null],
    ['https://evil.example/', null],
  ])(
    'leads to an error page that links to a new sign-in that returns to the same page: %s',
    async (returnTo, kept) => {
      fakeTenant()
      const { ask } = await routes({})
      const state = goalOf(await ask(loginAt(returnTo))).searchParams.get('state') ?? ''
      const page = goalOf(
        await ask(`/auth/callback?${new URLSearchParams({ state, error: 'access_denied' })}`),
      )
      expect([page.pathname, page.searchParams.get('code')]).toEqual(['/sign-in-failed', 'sign_in_failed'])
      expect(page.searchParams.get('returnTo')).toBe(kept)
    },
  )

  it('does so, too, if the tenant does not respond', async () => {
    fakeTenant({
      answers: { '/.well-known/openid-configuration': () => new Response(null, { status: 503 }) },
    })
    const { ask } = await routes({})
    const page = goalOf(await ask(loginAt(RETURN_TO)))
    expect([page.searchParams.get('code'), page.searchParams.get('returnTo')]).toEqual([
      'tenant_unreachable',
      RETURN_TO,
    ])
  })
})

describe('cookies of a sign-in, over TLS', () => {
  /** A sign-in that was started, up to the tenant's response. */
  async function begun() {
    fakeTenant()
    const { jar, ask } = await routes(SECURE)
    const login = await ask('/auth/login')
    const state = goalOf(login).searchParams.get('state') ?? ''
    return {
      jar,
      ask,
      state,
      login,
      callback: `/auth/callback?${new URLSearchParams({ code: 'code', state })}`,
    }
  }

  it('are set and deleted under a name that only this host can write', async () => {
    const { ask, state, login, callback } = await begun()
    const back = await ask(callback)
    for (const response of [login, back]) {
      const lines = response.headers.getSetCookie()
      expect(lines.map((line) => line.split('=')[0])).toEqual([`__Host-txn_${state}`])
      for (const flag of [/; path=\//i, /; secure/i, /; httponly/i, /; samesite=lax/i])
        expect(lines[0]).toMatch(flag)
      expect(lines[0]).not.toMatch(/domain=/i)
    }
  })

  it.each(['__txn_', 'txn_', '__host-txn_', '__Secure-txn_'])(
    'are ignored under the name %s',
    async (prefix) => {
      const { jar, ask, state, callback } = await begun()
      const value = jar.get(`__Host-txn_${state}`) ?? ''
      jar.clear()
      jar.set(`${prefix}${state}`, value)
      expect(goalOf(await ask(callback)).search).toBe('?code=no_flow')
      expect([...jar.keys()]).toEqual([`${prefix}${state}`])
    },
  )
})
