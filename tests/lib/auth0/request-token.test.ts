import { UnsecuredJWT } from 'jose'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { requestToken } from '@/lib/auth0/request-token'

const CLIENT = {
  name: 'test',
  origin: 'https://tenant.example.com',
  audience: 'https://tenant.example.com/api/v2/',
  clientId: 'm2m',
  clientSecret: 'a-secret',
}
const NOW = 1_800_000_000_000
const calls = vi.fn<typeof fetch>()

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW })
  vi.stubGlobal('fetch', calls)
  calls
    .mockReset()
    .mockImplementation(async () =>
      Response.json({ access_token: 'a-token', expires_in: 1000, scope: 'a b' }),
    )
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('requestToken', () => {
  it('sends client credentials', async () => {
    await requestToken(CLIENT)
    const [url, init] = calls.mock.calls[0] ?? []
    expect(url).toBe('https://tenant.example.com/oauth/token')
    expect(JSON.parse(String(init?.body))).toEqual({
      grant_type: 'client_credentials',
      client_id: 'm2m',
      client_secret: 'a-secret',
      audience: 'https://tenant.example.com/api/v2/',
    })
  })

  it('returns the token with its expiry, counted from the time of the request', async () => {
    calls.mockImplementation(async () => {
      vi.setSystemTime(NOW + 2000)
      return Response.json({ access_token: 'a-token', expires_in: 1000, scope: 'a b' })
    })
    expect(await requestToken(CLIENT)).toEqual({
      token: { value: 'a-token', scopes: ['a', 'b'], issuedAt: NOW, expiresAt: NOW + 1_000_000 },
    })
  })

  it.each([
    ['read:users update:users', ['read:users', 'update:users']],
    [' read:users  ', ['read:users']],
    ['', []],
    [undefined, []],
  ])('reads the granted scopes: %j', async (scope, scopes) => {
    calls.mockImplementation(async () => Response.json({ access_token: 'a', expires_in: 1, scope }))
    expect(await requestToken(CLIENT)).toMatchObject({ token: { scopes } })
  })

  it.each([
    ['read:users delete:users', undefined, ['read:users', 'delete:users']],
    ['read:users', null, ['read:users']],
    ['read:users delete:users', 'read:users', ['read:users']],
    ['read:users', '', []],
    [undefined, undefined, []],
    [['read:users'], undefined, []],
  ])('reads the scopes of the token %j if the response has none: %j', async (inToken, inAnswer, scopes) => {
    const access_token = new UnsecuredJWT(inToken === undefined ? {} : { scope: inToken }).encode()
    calls.mockImplementation(async () => Response.json({ access_token, expires_in: 1, scope: inAnswer }))
    expect(await requestToken(CLIENT)).toMatchObject({ token: { value: access_token, scopes } })
  })

  it.each([
    ['the tenant fails', new Response('canary', { status: 503 }), 'tenant_unreachable', 503],
    ['the client is rejected', new Response('canary', { status: 401 }), 'management_failed', 401],
    ['the response is cut off', new Response('{"access_tok'), 'management_failed', 200],
    ['the response has no token', Response.json({ expires_in: 5, x: 'canary' }), 'management_failed', 200],
  ])('throws the reason, and no text of the response, if %s', async (_what, answer, failure, status) => {
    calls.mockResolvedValue(answer)
    expect(await requestToken(CLIENT)).toEqual({ failure, status })
  })

  it('throws an error if the tenant is unreachable', async () => {
    calls.mockRejectedValue(new TypeError('canary'))
    expect(await requestToken(CLIENT)).toEqual({ failure: 'tenant_unreachable' })
  })
})
