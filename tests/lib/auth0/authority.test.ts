import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { dropManagementToken, managementToken } from '@/lib/auth0/management-token'
import { APP_ENVIRONMENT } from '../../support/app-environment'

const calls = vi.fn<typeof fetch>()
let issued = 0
const answerWithToken = async () => Response.json({ access_token: `token-${++issued}`, expires_in: 1000 })

beforeEach(async () => {
  for (const [name, value] of Object.entries(APP_ENVIRONMENT)) vi.stubEnv(name, value)
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.stubGlobal('fetch', calls)
  calls.mockReset().mockImplementation(answerWithToken)
  issued = 0
  // The holder outlives the module: what an earlier test left there is dropped.
  const held = await managementToken()
  dropManagementToken(held)
  calls.mockClear()
  issued = 0
})

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.unstubAllEnvs()
})

describe('managementToken', () => {
  it('asks for the Management API of the canonical domain with client credentials', async () => {
    await managementToken()
    const [url, init] = calls.mock.calls[0] ?? []
    expect(url).toBe('https://localhost:4401/oauth/token')
    expect(JSON.parse(String(init?.body))).toEqual({
      grant_type: 'client_credentials',
      client_id: 'linking-m2m',
      client_secret: APP_ENVIRONMENT.MANAGEMENT_API_CLIENT_SECRET,
      audience: 'https://localhost:4401/api/v2/',
    })
  })

  it('shares one request among callers that arrive together', async () => {
    expect(await Promise.all([managementToken(), managementToken(), managementToken()])).toEqual([
      'token-1',
      'token-1',
      'token-1',
    ])
    expect(calls).toHaveBeenCalledTimes(1)
  })

  it.each([
    ['keeps it', 799, 'token-1'],
    ['renews it', 801, 'token-2'],
  ])('%s %d seconds into a life of 1000', async (_what, seconds, expected) => {
    await managementToken()
    vi.setSystemTime(Date.now() + seconds * 1000)
    expect(await managementToken()).toBe(expected)
  })

  it.each([
    [
      'the tenant is not reachable',
      async () => Promise.reject(new TypeError('fetch failed')),
      'tenant_unreachable',
    ],
    ['the tenant fails', async () => new Response('secret body', { status: 503 }), 'tenant_unreachable'],
    ['the client is refused', async () => new Response('secret body', { status: 401 }), 'management_failed'],
    ['the answer is cut off', async () => new Response('{"access_tok'), 'management_failed'],
    ['the answer holds no token', async () => Response.json({ expires_in: 5 }), 'management_failed'],
  ])('throws our code and nothing of the answer when %s', async (_what, answer, code) => {
    calls.mockImplementation(answer)
    const error = await managementToken().catch((thrown: Error) => thrown)
    expect(error).toMatchObject({ code })
    expect(String(error)).not.toContain('secret')
  })

  it('asks again after a failure', async () => {
    calls.mockImplementationOnce(async () => new Response('', { status: 503 }))
    await expect(managementToken()).rejects.toThrow()
    expect(await managementToken()).toBe('token-1')
  })
})

describe('dropManagementToken', () => {
  it('makes the next call fetch another', async () => {
    dropManagementToken(await managementToken())
    expect(await managementToken()).toBe('token-2')
  })

  it('keeps a token that was renewed meanwhile', async () => {
    await managementToken()
    dropManagementToken('an older one')
    expect(await managementToken()).toBe('token-1')
  })
})
