import { beforeEach, describe, expect, it } from 'vitest'
import { callDomain } from '../support/tenant/management'
import { aTenant } from '../support/tenant/tenant'

const tenant = await aTenant()
const APP = 'http://localhost:3000'
const ANN = '/api/v2/users/auth0%7Cann'
const APIS = [ANN, '/.well-known/jwks.json', '/.well-known/openid-configuration', '/userinfo', '/oauth/token']

beforeEach(() => tenant.state.reset())

const call = (method: string, path: string, headers: Record<string, string>, door = tenant.loginOrigin) =>
  callDomain(tenant, door, { method, path, headers })

const corsHeaders = ({ headers }: Awaited<ReturnType<typeof call>>) =>
  Object.keys(headers).filter((name) => name.startsWith('access-control-'))

const preflight = (path: string, origin: string, door?: string) =>
  call('OPTIONS', path, { origin, 'access-control-request-method': 'POST' }, door)

describe('a script of an allowed web origin', () => {
  describe.each([
    ['login', tenant.loginOrigin],
    ['canonical', tenant.canonicalOrigin],
  ])('at the %s door', (_name, door) => {
    it.each(APIS)('gets a response to its preflight for %s', async (path) => {
      const { status, headers } = await preflight(path, APP, door)
      expect(status).toBe(204)
      expect(headers['access-control-allow-origin']).toBe(APP)
      expect(headers['access-control-allow-headers']?.split(',')).toEqual([
        'authorization',
        'content-type',
        'auth0-client',
      ])
      expect(headers['access-control-allow-methods']?.split(',')).toEqual(['GET', 'POST', 'PATCH', 'DELETE'])
    })

    it.each(APIS)('may read the response of %s, with the rate limit headers', async (path) => {
      const { status, headers } = await call('GET', path, { origin: APP }, door)
      expect(status).not.toBe(204)
      expect(headers['access-control-allow-origin']).toBe(APP)
      expect(headers['access-control-expose-headers']?.split(',')).toEqual([
        'x-ratelimit-limit',
        'x-ratelimit-remaining',
        'x-ratelimit-reset',
        'retry-after',
      ])
      expect(headers.vary).toContain('Origin')
    })
  })

  it('needs no token for a preflight, which does not count against the rate limit', async () => {
    tenant.state.changeOptions({ rate_limit: { burst: 1, per_second: 0.1 } })
    for (let count = 0; count < 3; count += 1) expect((await preflight(ANN, APP)).status).toBe(204)
    expect((await call('GET', ANN, { origin: APP })).status).toBe(401)
    const refused = await call('GET', ANN, { origin: APP })
    expect([refused.status, refused.headers['access-control-allow-origin']]).toEqual([429, APP])
    const [first] = tenant.state.ledger
    expect(first).toMatchObject({ method: 'OPTIONS', status: 204, client_id: null, sub: null, effect: null })
  })

  it('may read the response of a fault, and gets no fault at the preflight', async () => {
    tenant.state.faults.push({
      rule: { match: { path: 'users' }, effect: { status: 503, body: {} }, times: 1 },
      seen: 0,
      played: 0,
    })
    expect((await preflight(ANN, APP)).status).toBe(204)
    const { status, headers } = await call('GET', ANN, { origin: APP })
    expect([status, headers['access-control-allow-origin']]).toEqual([503, APP])
  })

  it('sees a dropped connection as a network error', async () => {
    tenant.state.faults.push({ rule: { match: {}, effect: { drop: 'before' } }, seen: 0, played: 0 })
    await expect(call('GET', ANN, { origin: APP })).rejects.toThrow()
  })

  it('may use a web origin of any client', async () => {
    const other = tenant.state.clients.get('demo-other')
    other?.web_origins.push('https://other.example')
    expect((await preflight(ANN, 'https://other.example')).headers['access-control-allow-origin']).toBe(
      'https://other.example',
    )
  })
})

describe('a script of another origin', () => {
  it.each(APIS)('gets no header for %s', async (path) => {
    for (const origin of ['http://evil.example', 'http://localhost:3001', 'null']) {
      expect(corsHeaders(await preflight(path, origin))).toEqual([])
      expect(corsHeaders(await call('GET', path, { origin }))).toEqual([])
    }
    expect(corsHeaders(await call('GET', path, {}))).toEqual([])
  })
})

describe('the pages and the control API', () => {
  it.each(['/authorize', '/v2/logout', '/continue', '/_tenant/world'])(
    'send no CORS header: %s',
    async (path) => {
      expect(corsHeaders(await call('GET', path, { origin: APP }))).toEqual([])
      expect(corsHeaders(await preflight(path, APP))).toEqual([])
    },
  )
})
