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
  it('asks with client credentials', async () => {
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

  it('gives the token with its life, counted from when it was asked for', async () => {
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
  ])('reads what was granted: %j', async (scope, scopes) => {
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
  ])('takes what the token says, %j, if the answer says nothing: %j', async (inToken, inAnswer, scopes) => {
    const access_token = new UnsecuredJWT(inToken === undefined ? {} : { scope: inToken }).encode()
    calls.mockImplementation(async () => Response.json({ access_token, expires_in: 1, scope: inAnswer }))
    expect(await requestToken(CLIENT)).toMatchObject({ token: { value: access_token, scopes } })
  })

  it.each([
    ['the tenant fails', new Response('canary', { status: 503 }), 'tenant_unreachable', 503],
    ['the client is refused', new Response('canary', { status: 401 }), 'management_failed', 401],
    ['the answer is cut off', new Response('{"access_tok'), 'management_failed', 200],
    ['the answer holds no token', Response.json({ expires_in: 5, x: 'canary' }), 'management_failed', 200],
  ])('says why there is none, and nothing of the answer, when %s', async (_what, answer, failure, status) => {
    calls.mockResolvedValue(answer)
    expect(await requestToken(CLIENT)).toEqual({ failure, status })
  })

  it('says so when the tenant is not reachable', async () => {
    calls.mockRejectedValue(new TypeError('canary'))
    expect(await requestToken(CLIENT)).toEqual({ failure: 'tenant_unreachable' })
  })
})
