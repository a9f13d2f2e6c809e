import { describe, expect, it, vi } from 'vitest'
import { createManagement } from '@/action/management'
import { readSettings } from '@/action/settings'
import { userPath } from '@/core'
import {
  ACCESS_TOKEN,
  anActionPlatform,
  aTenantUser,
  GOOGLE,
  NOW,
  PASSWORD,
  SECRETS,
} from '../../support/action/platform'

const platform = anActionPlatform()
const TOKEN = 'POST /oauth/token'
const READ = `GET /api/v2/users/${GOOGLE}`
const KEY = 'account_linking_token'

/** A Management API client with `left` milliseconds until its deadline. */
function aManagement(left = 60_000, loginDomain?: string) {
  const settings = readSettings(SECRETS)
  if (!settings) throw new Error('no settings')
  return createManagement(settings, platform.api.cache, NOW * 1_000 + left, loginDomain)
}
const failing = (status: number, headers?: Record<string, string>) => () =>
  new Response(null, { status, headers })
const lost = () => Promise.reject(new TypeError('fetch failed'))
/** The error of a call that is not retried. */
const failureOf = (answering: () => Response | Promise<Response>) => {
  platform.fault(/users/, answering)
  return aManagement()
    .call('POST', userPath(GOOGLE))
    .catch((error) => error)
}

describe('the token', () => {
  it('is requested once, even by simultaneous calls, and cached for 80% of its life', async () => {
    const { read } = aManagement()
    await Promise.all([read(PASSWORD), read(GOOGLE)])
    expect(platform.names().filter((name) => name === TOKEN)).toHaveLength(1)
    expect(platform.calls[0]).toMatchObject({
      name: TOKEN,
      headers: { 'content-type': 'application/json' },
      body: {
        grant_type: 'client_credentials',
        client_id: 'm2m',
        client_secret: 'm2m-secret',
        audience: 'https://tenant.example/api/v2/',
      },
    })
    expect(platform.calls[0]?.headers).not.toHaveProperty('authorization')
    expect([...platform.cache]).toEqual([[KEY, { value: ACCESS_TOKEN, ttl: 3_600 * 800 }]])
  })

  it('is cached for a day at most', async () => {
    platform.fault(/oauth/, () => Response.json({ access_token: 'long', expires_in: 30 * 86_400 }))
    await aManagement().read(GOOGLE)
    expect(platform.cache.get(KEY)?.ttl).toBe(86_400_000)
  })

  it('is not requested if one is cached', async () => {
    platform.api.cache.set(KEY, 'kept')
    await aManagement().read(GOOGLE)
    expect(platform.calls).toMatchObject([{ name: READ, headers: { authorization: 'Bearer kept' } }])
  })

  it('is renewed once if it is rejected, whatever the call', async () => {
    platform.api.cache.set(KEY, 'revoked')
    platform.fault(/identities/, failing(401), 1)
    const identity = { user_id: GOOGLE, provider: 'google-oauth2', connection: 'google-oauth2' }
    await aManagement().link(PASSWORD, identity)
    const link = `POST /api/v2/users/${PASSWORD}/identities`
    expect(platform.calls.map(({ name, headers }) => [name, headers.authorization])).toEqual([
      [link, 'Bearer revoked'],
      [TOKEN, undefined],
      [link, `Bearer ${ACCESS_TOKEN}`],
    ])
    expect(platform.pauses).toEqual([])
  })

  it('is not renewed again if the new one is rejected too', async () => {
    platform.fault(/users/, failing(401))
    await expect(aManagement().read(GOOGLE)).rejects.toMatchObject({ status: 401 })
    expect(platform.names()).toEqual([TOKEN, READ, TOKEN, READ])
  })

  it.each([403, 503])('marks a call that was not sent because the token request got %i', async (status) => {
    platform.fault(/oauth/, failing(status))
    await expect(aManagement().read(GOOGLE)).rejects.toMatchObject({ status, isUnsent: true })
    expect(new Set(platform.names())).toEqual(new Set([TOKEN]))
  })

  it('stays cached if a call fails for another reason', async () => {
    platform.fault(/users/, failing(403))
    await expect(aManagement().read(GOOGLE)).rejects.toMatchObject({ status: 403 })
    expect(platform.cache.has(KEY)).toBe(true)
  })

  it('is requested again if the first request for it failed', async () => {
    platform.fault(/oauth/, failing(500), 1)
    await aManagement().read(GOOGLE)
    expect(platform.names()).toEqual([TOKEN, TOKEN, READ])
  })
})

describe('a call', () => {
  it('goes only to the tenant, with the token, and follows no redirect', async () => {
    await aManagement().patch(PASSWORD, { user_metadata: { a: 1 } })
    expect(platform.calls[1]).toMatchObject({
      name: `PATCH /api/v2/users/${PASSWORD}`,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${ACCESS_TOKEN}` },
      body: { user_metadata: { a: 1 } },
    })
    expect(platform.calls.map(({ redirect }) => redirect)).toEqual(['error', 'error'])
    expect(platform.user(PASSWORD).user_metadata).toEqual({ a: 1 })
  })

  it('has no body unless the caller passes one', async () => {
    expect(await aManagement().read(GOOGLE)).toEqual(platform.user(GOOGLE))
    expect(platform.calls[1]?.body).toBeUndefined()
  })

  it('takes 2.5 s at most, and no longer than the deadline', async () => {
    await aManagement().read(GOOGLE)
    await aManagement(900).read(GOOGLE)
    expect(platform.limits).toEqual([2_500, 2_500, 900])
  })

  it('encodes user ids of any characters', async () => {
    platform.users.push(aTenantUser('samlp|a/b?c#d'))
    await aManagement()
      .read('samlp|a/b?c#d')
      .catch(() => undefined)
    expect(platform.calls[1]?.url.pathname).toBe('/api/v2/users/samlp%7Ca%2Fb%3Fc%23d')
  })

  it('links by the part of the id after the first bar', async () => {
    platform.users.push(aTenantUser('samlp|acme|ann'))
    const identity = { user_id: 'samlp|acme|ann', provider: 'samlp', connection: 'acme' }
    await aManagement().link(PASSWORD, identity)
    expect(platform.calls[1]?.body).toEqual({ provider: 'samlp', user_id: 'acme|ann' })
  })
})

describe('a failed call', () => {
  it.each<[string, Record<string, string>, number]>([
    ['nothing', {}, 250],
    ['two seconds', { 'retry-after': '2' }, 2_000],
    ['the reset time', { 'x-ratelimit-reset': String(NOW + 3) }, 3_000],
    ['both', { 'retry-after': '2', 'x-ratelimit-reset': String(NOW + 3) }, 2_000],
    ['a time in the past', { 'x-ratelimit-reset': String(NOW - 3) }, 250],
    ['less than our own pause', { 'retry-after': '0.1' }, 250],
    ['a date', { 'retry-after': 'Fri, 15 Jan 2027 08:00:02 GMT' }, 250],
  ])('waits as the tenant asks, if it sends %s', async (_what, headers, waitMs) => {
    const failure = await failureOf(failing(429, headers))
    expect(failure).toEqual({ status: 429, waitMs })
  })

  it('adds up to a second to the wait, so that logins do not retry together', async () => {
    vi.mocked(Math.random).mockReturnValue(0.75)
    expect(await failureOf(failing(429, { 'retry-after': '2' }))).toEqual({ status: 429, waitMs: 2_750 })
  })

  it.each<[string, () => Response | Promise<Response>, number]>([
    ['a rate limit', failing(429, { 'retry-after': '1' }), 1_000],
    ['a server error', failing(500), 250],
    ['a lost response', lost, 250],
    ['a response that is no JSON', () => new Response('<html>'), 250],
  ])('is retried once after %s, after a pause', async (_what, answering, pause) => {
    platform.fault(/users/, answering, 1)
    expect(await aManagement().read(GOOGLE)).toEqual(platform.user(GOOGLE))
    expect(platform.names()).toEqual([TOKEN, READ, READ])
    expect(platform.pauses).toEqual([pause])
  })

  it('throws if the retry fails too', async () => {
    platform.fault(/users/, failing(500))
    await expect(aManagement().read(GOOGLE)).rejects.toMatchObject({ status: 500 })
    expect(platform.names()).toEqual([TOKEN, READ, READ])
  })

  it.each([400, 403, 404, 409])('is not retried after %i', async (status) => {
    platform.fault(/users/, failing(status))
    await expect(aManagement().read(GOOGLE)).rejects.toMatchObject({ status })
    expect(platform.names()).toEqual([TOKEN, READ])
    expect(platform.pauses).toEqual([])
  })

  it.each<[string, () => Response | Promise<Response>]>([
    ['a rate limit', failing(429)],
    ['a server error', failing(500)],
    ['a lost response', lost],
  ])('is not retried after %s if it was a link', async (_what, answering) => {
    platform.fault(/identities/, answering)
    const identity = { user_id: GOOGLE, provider: 'google-oauth2', connection: 'google-oauth2' }
    await expect(aManagement().link(PASSWORD, identity)).rejects.toBeDefined()
    expect(platform.names().filter((name) => name.endsWith('identities'))).toHaveLength(1)
  })

  it.each(['POST', 'DELETE'] as const)(
    'has an unknown outcome if a %s is answered with 200',
    async (method) => {
      platform.fault(/roles/, () => Response.json({}))
      const error = await aManagement()
        .call(method, `${userPath(GOOGLE)}/roles`, { roles: ['rol_1'] })
        .catch((thrown) => thrown)
      expect(error).not.toHaveProperty('status')
      expect(platform.names()).toHaveLength(2)
    },
  )

  it('is not reported if a deletion responds without a body', async () => {
    platform.fault(/DELETE/, () => new Response(null, { status: 202 }))
    await expect(aManagement().call('DELETE', '/sessions/x')).resolves.toBeUndefined()
  })

  it('is retried once after a rate limit if it was a deletion', async () => {
    platform.fault(/DELETE/, failing(429, { 'retry-after': '1' }), 2)
    await expect(aManagement().call('DELETE', '/sessions/x')).rejects.toMatchObject({ status: 429 })
    expect(platform.names()).toEqual([TOKEN, 'DELETE /api/v2/sessions/x', 'DELETE /api/v2/sessions/x'])
    expect(platform.pauses).toEqual([1_000])
  })

  it.each<[string, () => Response | Promise<Response>]>([
    ['a server error', failing(500)],
    ['a lost response', lost],
  ])('is not retried after %s if it was a deletion', async (_what, answering) => {
    platform.fault(/DELETE/, answering)
    await expect(aManagement().call('DELETE', '/sessions/x')).rejects.toBeDefined()
    expect(platform.names()).toEqual([TOKEN, 'DELETE /api/v2/sessions/x'])
  })

  it('is not retried if there is no time', async () => {
    platform.fault(/users/, failing(429, { 'retry-after': '2' }), 1)
    await expect(aManagement(2_000).read(GOOGLE)).rejects.toMatchObject({ status: 429 })
    expect(platform.pauses).toEqual([])
  })
})

describe('pause', () => {
  it.each([
    [{ waitMs: 1_000 }, 1_001, true, [1_000]],
    [{ waitMs: 1_000 }, 1_000, false, []],
    [{}, 251, true, [250]],
    [undefined, 251, true, [250]],
    [undefined, 250, false, []],
  ])('after %j, with %i ms left: %s', async (failure, left, expected, pauses) => {
    expect(await aManagement(left).pause(failure)).toBe(expected)
    expect(platform.pauses).toEqual(pauses)
  })
})

describe('findUsers', () => {
  it('looks up one spelling after the other', async () => {
    platform.users.push(aTenantUser('github|3', { email: 'Ann@Example.com' }))
    const found = await aManagement().findUsers('Ann@Example.com')
    expect(found.map(({ user_id }) => user_id)).toEqual(['github|3', GOOGLE, PASSWORD])
    expect(found[0]?.identities).toEqual([{ user_id: 'github|3', provider: 'github', connection: 'github' }])
    expect(platform.names().slice(1)).toEqual([
      'GET /api/v2/users-by-email?email=Ann@Example.com',
      'GET /api/v2/users-by-email?email=ann@example.com',
    ])
  })

  it('looks up lower case first if asked to', async () => {
    await aManagement().findUsers('Ann@Example.com', true)
    expect(platform.names().slice(1)).toEqual([
      'GET /api/v2/users-by-email?email=ann@example.com',
      'GET /api/v2/users-by-email?email=Ann@Example.com',
    ])
  })

  it('finds no one for an account without an address', async () => {
    expect(await aManagement().findUsers(undefined)).toEqual([])
    expect(platform.calls[1]?.url.search).toBe('?email=')
  })

  it('looks up a spelling once if both are the same, and encodes it', async () => {
    await aManagement().findUsers('ann+a&b@example.com')
    expect(platform.names()).toEqual([TOKEN, 'GET /api/v2/users-by-email?email=ann+a&b@example.com'])
    expect(platform.calls[1]?.url.search).toBe('?email=ann%2Ba%26b%40example.com')
  })
})

describe('a PATCH of a user', () => {
  it.each([
    ['names the custom domain of the login', 'login.example', 'login.example'],
    ["names none at the Management API's domain", 'tenant.example', undefined],
    ['names none if the login has no domain', undefined, undefined],
  ])('%s', async (_what, domain, named) => {
    const { patch, read } = aManagement(60_000, domain)
    await patch(GOOGLE, { app_metadata: {} })
    await read(GOOGLE)
    const [, patched, looked] = platform.calls
    expect(patched?.headers['auth0-custom-domain']).toBe(named)
    expect(looked?.headers).not.toHaveProperty('auth0-custom-domain')
  })
})
