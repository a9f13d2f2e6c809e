import { beforeEach, describe, expect, it } from 'vitest'
import { callDomain } from '../support/tenant/management'
import { aTenant } from '../support/tenant/tenant'

const tenant = await aTenant()
const { state, loginOrigin, canonicalOrigin } = tenant
const portOf = (origin: string) => new URL(origin).port
beforeEach(() => state.reset())

const PATHS = [
  '/_tenant/world',
  '/_tenant/',
  '/.well-known/openid-configuration',
  '/api/v2/users',
  '/nowhere',
]

describe('the hosts of the tenant', () => {
  describe.each([
    ['the login door', loginOrigin],
    ['the canonical door', canonicalOrigin],
  ])('%s', (_name, origin) => {
    const at = async (host: string, path = '/_tenant/world') =>
      (await callDomain(tenant, origin, { method: 'GET', path, headers: { host } })).status

    it.each(['localhost', '127.0.0.1', '[::1]', 'LOCALHOST'])('answers at %s, on any port', async (host) => {
      const ports = ['', `:${portOf(origin)}`, ':1', ':65535']
      expect(await Promise.all(ports.map((port) => at(`${host}${port}`)))).toEqual([200, 200, 200, 200])
    })

    it.each([
      'evil.example',
      'evil.example:4400',
      'localhost.evil.example',
      'evil.localhost',
      'localhost.',
      '127.0.0.1.nip.io',
      '127.0.0.2',
      '0.0.0.0',
      '[::]',
      '192.168.0.2',
    ])('answers 421 at %s, whatever the path', async (host) => {
      expect(await Promise.all(PATHS.map((path) => at(host, path)))).toEqual(PATHS.map(() => 421))
      expect(state.ledger).toEqual([])
    })

    it('changes nothing for a call to another host', async () => {
      const headers = { host: 'evil.example', 'content-type': 'application/json' }
      const body = { offset_seconds: 99 }
      expect(
        (await callDomain(tenant, origin, { method: 'POST', path: '/_tenant/clock', headers, body })).status,
      ).toBe(421)
      expect(state.clockOffset).toBe(0)
    })
  })

  it('answers at a custom host that the options name', async () => {
    state.changeOptions({ custom_hosts: ['127.0.0.1'] })
    const headers = { host: `127.0.0.1:${portOf(loginOrigin)}` }
    const path = '/.well-known/openid-configuration'
    const { body } = await callDomain(tenant, loginOrigin, { method: 'GET', path, headers })
    expect(body.issuer).toBe(`http://127.0.0.1:${portOf(loginOrigin)}/`)
  })
})

describe('changes through the control API', () => {
  const change = async (headers: Record<string, string>, method = 'POST', path = '/_tenant/faults') =>
    (await callDomain(tenant, loginOrigin, { method, path, headers, ...(method === 'POST' && { body: [] }) }))
      .status
  const host = new URL(loginOrigin).host

  it.each<[string, Record<string, string>]>([
    ['a program', {}],
    ['a program that sends no content type', { 'content-type': '' }],
    ['a program that sends text', { 'content-type': 'text/plain' }],
    ['a page of the tenant', { origin: loginOrigin, 'sec-fetch-site': 'same-origin' }],
    [
      'a page of the tenant at another loopback host',
      { host: `127.0.0.1:${portOf(loginOrigin)}`, origin: `http://127.0.0.1:${portOf(loginOrigin)}` },
    ],
    ['a person who types the address', { 'sec-fetch-site': 'none' }],
  ])('are accepted from %s', async (_who, headers) => {
    expect([await change(headers), await change(headers, 'DELETE')]).toEqual([200, 200])
  })

  it.each<[string, Record<string, string>]>([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['another port', { 'sec-fetch-site': 'same-site', origin: 'http://localhost:3000' }],
    ['another port, in a browser that sends only the origin', { origin: 'http://localhost:3000' }],
    ['another scheme', { origin: `https://${host}` }],
    ['a sandboxed frame', { origin: 'null' }],
    [
      'another site that sends sec-fetch-site none',
      { origin: 'https://evil.example', 'sec-fetch-site': 'none' },
    ],
    ['another loopback host', { origin: loginOrigin.replace('localhost', '127.0.0.1') }],
  ])('are refused from %s, with any method and any body', async (_who, headers) => {
    const calls: [string, string][] = [
      ['POST', '/_tenant/faults'],
      ['POST', '/_tenant/reset'],
      ['DELETE', '/_tenant/faults'],
      ['PUT', '/_tenant/faults'],
      ['PATCH', '/_tenant/faults'],
    ]
    state.clockOffset = 7
    for (const type of ['application/json', 'text/plain', 'application/x-www-form-urlencoded'])
      for (const [method, path] of calls)
        expect(await change({ ...headers, 'content-type': type }, method, path), `${method} ${path}`).toBe(
          403,
        )
    expect(state.clockOffset).toBe(7)
  })

  it('cannot be read by a page of another site: no response allows its origin', async () => {
    const headers = { origin: 'http://localhost:3000', 'sec-fetch-site': 'same-site' }
    const answer = await callDomain(tenant, loginOrigin, { method: 'GET', path: '/_tenant/world', headers })
    expect(answer.headers['access-control-allow-origin']).toBeUndefined()
  })
})
