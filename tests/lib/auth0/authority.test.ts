import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { APP_ENVIRONMENT } from '../../support/process/app-environment'
import { forgetProcessMemory } from '../../support/process/process-memory'
import { services } from '../../support/process/services'

const token = () => services().authorities.server().token()
const drop = (value: string) => services().authorities.server().drop(value)

const calls = vi.fn<typeof fetch>()
let issued = 0
const answerWithToken = async () => Response.json({ access_token: `token-${++issued}`, expires_in: 1000 })

beforeEach(() => {
  for (const [name, value] of Object.entries(APP_ENVIRONMENT)) vi.stubEnv(name, value)
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.stubGlobal('fetch', calls)
  calls.mockReset().mockImplementation(answerWithToken)
  issued = 0
  forgetProcessMemory('management-token', 'cached')
})

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.unstubAllEnvs()
})

describe('the server authority', () => {
  it('requests a token for the Management API of the canonical domain with client credentials', async () => {
    await token()
    const [url, init] = calls.mock.calls[0] ?? []
    expect(url).toBe('https://localhost:4401/oauth/token')
    expect(JSON.parse(String(init?.body))).toEqual({
      grant_type: 'client_credentials',
      client_id: 'linking-m2m',
      client_secret: APP_ENVIRONMENT.MANAGEMENT_API_CLIENT_SECRET,
      audience: 'https://localhost:4401/api/v2/',
    })
  })

  it('shares one request among simultaneous callers', async () => {
    expect(await Promise.all([token(), token(), token()])).toEqual(['token-1', 'token-1', 'token-1'])
    expect(calls).toHaveBeenCalledTimes(1)
  })

  it.each([
    ['keeps it', 749, 'token-1'],
    ['renews it', 801, 'token-2'],
  ])('%s %d seconds into a life of 1000', async (_what, seconds, expected) => {
    await token()
    vi.setSystemTime(Date.now() + seconds * 1000)
    expect(await token()).toBe(expected)
  })

  it.each([
    [
      'the tenant is unreachable',
      async () => Promise.reject(new TypeError('fetch failed')),
      'tenant_unreachable',
    ],
    ['the tenant fails', async () => new Response('secret body', { status: 503 }), 'tenant_unreachable'],
    ['the client is rejected', async () => new Response('secret body', { status: 401 }), 'management_failed'],
    ['the response is cut off', async () => new Response('{"access_tok'), 'management_failed'],
    ['the response has no token', async () => Response.json({ expires_in: 5 }), 'management_failed'],
  ])('throws our error code and no text of the response if %s', async (_what, answer, code) => {
    calls.mockImplementation(answer)
    const error = await token().catch((thrown: Error) => thrown)
    expect(error).toMatchObject({ code })
    expect(String(error)).not.toContain('secret')
  })

  it('requests a token again after a failure', async () => {
    calls.mockImplementationOnce(async () => new Response('', { status: 503 }))
    await expect(token()).rejects.toThrow()
    expect(await token()).toBe('token-1')
  })
})

describe('the linking client as authority', () => {
  beforeEach(() => {
    vi.stubEnv('LINKING_AUTHORITY', 'linking-client')
  })

  it('requests the token at the domain that issues its ID tokens, for the API of the canonical domain', async () => {
    const authority = services().authorities.server()
    await authority.token()
    const [url, init] = calls.mock.calls[0] ?? []
    expect(url).toBe('http://localhost:4400/oauth/token')
    expect(JSON.parse(String(init?.body))).toMatchObject({
      client_id: 'linking',
      client_secret: APP_ENVIRONMENT.LINKING_CLIENT_SECRET,
      audience: 'https://localhost:4401/api/v2/',
    })
    expect(authority.origin).toBe('http://localhost:4400')
  })
})

describe('the user authority', () => {
  it("returns the person's own token for the domain that issued it, and requests no other", async () => {
    const authority = services().authorities.user('theirs')
    await authority.drop('theirs')
    expect(await authority.token()).toBe('theirs')
    expect(authority.origin).toBe('http://localhost:4400')
    expect(calls).not.toHaveBeenCalled()
  })
})

describe('isGranted', () => {
  it.each([
    ['read:users delete:users', true],
    [' delete:users  ', true],
    ['read:users', false],
    ['delete:users_app_metadata', false],
    ['', false],
    [undefined, false],
  ])('checks the scopes that the tenant granted: %j', async (scope, expected) => {
    calls.mockImplementation(async () => Response.json({ access_token: 'a', expires_in: 1000, scope }))
    expect(await services().authorities.isGranted('delete:users')).toBe(expected)
  })

  it('needs no request beside that for the token', async () => {
    await Promise.all([
      token(),
      services().authorities.isGranted('read:users'),
      services().authorities.isGranted('delete:users'),
    ])
    expect(calls).toHaveBeenCalledTimes(1)
  })

  it('is false if the scopes cannot be read', async () => {
    calls.mockImplementation(async () => new Response('', { status: 503 }))
    expect(await services().authorities.isGranted('delete:users')).toBe(false)
  })

  it("is false without a request if links are made with the person's own token", async () => {
    vi.stubEnv('LINKING_AUTHORITY', 'user')
    vi.stubEnv('CONNECT_CONNECTIONS', 'github')
    expect(await services().authorities.isGranted('delete:users')).toBe(false)
    expect(calls).not.toHaveBeenCalled()
  })
})

describe('dropping a token', () => {
  it('makes the next call request another, even if `drop` is not awaited', async () => {
    void drop(await token())
    expect(await token()).toBe('token-2')
    await drop('token-2')
    expect(await token()).toBe('token-3')
  })

  it('keeps a token that was renewed in the meantime', async () => {
    await token()
    await drop('an older one')
    expect(await token()).toBe('token-1')
  })
})
