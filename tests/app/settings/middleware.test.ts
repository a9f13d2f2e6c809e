import { generateSessionCookie } from '@auth0/nextjs-auth0/testing'
import { NextRequest } from 'next/server'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { middleware } from '@/middleware'
import { APP_ENVIRONMENT } from '../../support/process/app-environment'
import { forgetProcessMemory } from '../../support/process/process-memory'

const APP = 'http://localhost:3000'
const PAGE = '/settings/connected-accounts'

beforeEach(() => {
  for (const [name, value] of Object.entries(APP_ENVIRONMENT)) vi.stubEnv(name, value)
  vi.spyOn(console, 'log').mockImplementation(() => undefined)
  forgetProcessMemory('counted')
})
afterEach(() => vi.unstubAllEnvs())

const send = (path: string, method: string, headers: Record<string, string> = {}) =>
  middleware(new NextRequest(`${APP}${path}`, { method, headers }))
const isPassedOn = (response: Response) => response.headers.get('x-middleware-next') === '1'
const OURS = { origin: APP, 'sec-fetch-site': 'same-origin' }
/** The cookie of a valid session. */
const aSessionCookie = async (claims: Record<string, string> = {}) =>
  `session=${await generateSessionCookie(
    {
      user: { sub: 'auth0|ann', ...claims },
      tokenSet: { accessToken: 'token', expiresAt: Date.now() / 1000 + 3600 },
      internal: { sid: 'sid', createdAt: Math.floor(Date.now() / 1000) - 60 },
    },
    { secret: APP_ENVIRONMENT.AUTH0_SECRET ?? '' },
  )}`

describe('middleware, for the settings', () => {
  it.each<[string, Record<string, string>]>([
    ['another site', { origin: 'https://evil.example' }],
    [
      'a site that forges proxy headers',
      { origin: 'https://evil.example', 'x-forwarded-host': 'evil.example' },
    ],
    ['the origin null', { origin: 'null' }],
    ['no origin', {}],
    ['a sibling site', { ...OURS, 'sec-fetch-site': 'same-site' }],
  ])('refuses a form from %s, on every page', async (_who, headers) => {
    for (const path of [PAGE, `${PAGE}/connect`, '/', '/nowhere'])
      for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
        const response = await send(path, method, { ...headers, cookie: 'session=x', 'next-action': 'x' })
        expect([response.status, isPassedOn(response)]).toEqual([400, false])
        expect(await response.text()).toContain('data-error="csrf"')
      }
  })

  it('refuses a form that is larger than any of ours, on every page', async () => {
    for (const path of [PAGE, `${PAGE}/connect`, '/', '/nowhere']) {
      const response = await send(path, 'POST', { ...OURS, 'content-length': '40000', cookie: 'session=x' })
      expect(response.status).toBe(413)
      expect(await response.text()).toContain('data-error="bad_request"')
    }
  })

  it('limits the requests of a session, with any method, except for responses of the tenant', async () => {
    const cookie = await aSessionCookie()
    const request = (method: string, path: string = PAGE) => send(path, method, { ...OURS, cookie })
    const methods = ['GET', 'HEAD', 'POST', 'PUT']
    for (let count = 0; count < 100; count += 1)
      expect(isPassedOn(await request(methods[count % 4] ?? 'GET'))).toBe(true)
    for (const method of methods) {
      const response = await request(method)
      expect(response.status).toBe(429)
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
      const text = await response.text()
      expect(text).toContain('data-error="rate_limited"')
      expect(text).toContain(`href="${APP}${PAGE}"`)
    }
    expect(isPassedOn(await request('GET', `${PAGE}/callback`))).toBe(true)
    expect(isPassedOn(await request('GET', '/'))).toBe(true)
    expect(isPassedOn(await send(PAGE, 'GET', { cookie: 'session=x' }))).toBe(true)
  })

  it('passes a form of ours on', async () => {
    expect(isPassedOn(await send(PAGE, 'POST', { ...OURS, cookie: 'session=x' }))).toBe(true)
  })

  it.each([PAGE, `${PAGE}/confirm`, `${PAGE}/disconnect`, `${PAGE}/wrong-account`, '/settings'])(
    'leads from %s to the sign-in if there is no session, and back to it without its query',
    async (path) => {
      for (const cookie of ['', 'other=x', 'sessions=x', 'session_=x']) {
        const response = await send(`${path}?identity=x&returnTo=//evil.example`, 'GET', { cookie })
        expect(response.status).toBe(303)
        expect(response.headers.get('location')).toBe(
          `${APP}/auth/login?${new URLSearchParams({ returnTo: path })}`,
        )
      }
    },
  )

  const WAY = 'client_id=shop&return_to=https://shop.example/?a=1%26b'
  const HEADER = 'x-middleware-request-x-way-back'

  it('keeps the way back to an application through the sign-in', async () => {
    const response = await send(`${PAGE}/disconnect?identity=x&${WAY}`, 'GET')
    const login = new URL(response.headers.get('location') ?? '')
    expect(login.searchParams.get('returnTo')).toBe(`${PAGE}/disconnect?${WAY}`)
  })

  it.each([
    [`?${WAY}`, WAY],
    [`?done=x&${WAY}`, WAY],
    ['', null],
    [`?${WAY}&client_id=other`, null],
    [`?client_id=a/b&return_to=x`, null],
  ])('passes the way back of the address %j on, and none of a request header', async (query, header) => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined)
    const headers = { cookie: 'session=x', 'x-way-back': 'client_id=evil&return_to=https://evil.example/' }
    const response = await send(PAGE + query, 'GET', headers)
    expect(response.headers.get(HEADER)).toBe(header)
    const isIgnored = query !== '' && header === null
    const lines = log.mock.calls.map(([line]) => String(line)).filter((line) => line.includes('way_back'))
    expect(lines).toHaveLength(isIgnored ? 1 : 0)
    expect(lines.join()).not.toMatch(/shop|evil/)
  })

  it.each([
    [{ org_id: 'org_1' }, 'org_1'],
    [{}, null],
  ])('passes the organization of a session with %j on, and none of a request header', async (claims, id) => {
    const headers = { cookie: await aSessionCookie(claims), 'x-organization': 'org_evil' }
    for (const path of [PAGE, '/']) {
      const response = await send(path, 'GET', headers)
      expect(response.headers.get('x-middleware-request-x-organization')).toBe(id)
    }
    const stranger = await send('/', 'GET', { 'x-organization': 'org_evil' })
    expect(stranger.headers.get('x-middleware-request-x-organization')).toBeNull()
  })

  it.each(['session=x', 'session__0=x; session__1=y'])(
    'leaves it to the page whether the session %s is valid',
    async (cookie) => {
      expect(isPassedOn(await send(PAGE, 'GET', { cookie }))).toBe(true)
    },
  )

  it.each([`${PAGE}/callback`, '/settingsfoo', '/', '/sign-in-failed'])(
    'asks for no session at %s',
    async (path) => {
      expect(isPassedOn(await send(path, 'GET'))).toBe(true)
    },
  )

  it('passes a server action that a script calls on, which checks the session itself', async () => {
    expect(isPassedOn(await send(PAGE, 'POST', { ...OURS, 'next-action': 'x' }))).toBe(true)
    expect(isPassedOn(await send(PAGE, 'POST', OURS))).toBe(false)
  })

  it('lets forms redirect to other origins on its own pages only', async () => {
    const policyOf = async (path: string) =>
      (await send(path, 'GET', { cookie: 'session=x' })).headers.get('content-security-policy')
    expect(await policyOf(PAGE)).not.toContain('form-action')
    for (const path of ['/', '/settingsfoo']) expect(await policyOf(path)).toContain("form-action 'self'")
  })

  it('extends a session if a page is read, and does not for other requests', async () => {
    const cookie = await aSessionCookie()
    // The session library also deletes its numbered cookies. They do not count here.
    const names = (response: Response) =>
      response.headers
        .getSetCookie()
        .filter((line) => !/max-age=0/i.test(line))
        .map((line) => line.split('=')[0])
    expect(names(await send(PAGE, 'GET', { cookie }))).toEqual(['session'])
    expect(names(await send(PAGE, 'HEAD', { cookie }))).toEqual(['session'])
    expect(names(await send(PAGE, 'POST', { ...OURS, cookie }))).toEqual([])
    expect(names(await send(PAGE, 'GET', { cookie, 'next-router-prefetch': '1' }))).toEqual([])
    expect(names(await send('/', 'GET', { cookie }))).toEqual([])
  })

  it.each(['POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS'])(
    'does not sign in or out for a %s',
    async (method) => {
      for (const path of ['/auth/login', '/auth/logout', '/auth/profile']) {
        const response = await send(path, method, OURS)
        expect([isPassedOn(response), response.headers.getSetCookie()]).toEqual([true, []])
      }
    },
  )
})
