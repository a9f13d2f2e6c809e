import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { getUser } from '@/lib/auth0/management-api'
import { dropManagementToken, managementToken } from '@/lib/auth0/management-token'
import { APP_ENVIRONMENT } from '../../support/app-environment'

const USER = {
  user_id: 'auth0|ann',
  email: 'ann@example.com',
  identities: [{ provider: 'auth0', connection: 'db', user_id: 'ann', isSocial: false }],
}
const users = vi.fn<(request: Request) => Promise<Response>>()
let tokens = 0

beforeEach(async () => {
  for (const [name, value] of Object.entries(APP_ENVIRONMENT)) vi.stubEnv(name, value)
  vi.stubGlobal('fetch', async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input, init)
    if (!request.url.endsWith('/oauth/token')) return users(request)
    return Response.json({ access_token: `token-${++tokens}`, expires_in: 1000 })
  })
  users.mockReset()
  dropManagementToken(await managementToken())
  tokens = 0
})

afterEach(() => {
  vi.unstubAllGlobals()
  vi.unstubAllEnvs()
})

const answer =
  (status: number, body: unknown = { message: 'ann@example.com' }) =>
  async () =>
    new Response(typeof body === 'string' ? body : JSON.stringify(body), {
      status,
      headers: { 'content-type': 'application/json' },
    })

describe('getUser', () => {
  it('reads the user from the canonical domain, the id encoded', async () => {
    users.mockImplementation(answer(200, USER))
    const account = await getUser('samlp|acme|ann@example.com')
    const url = new URL(users.mock.calls[0]?.[0].url ?? '')
    expect(url.origin + url.pathname).toBe(
      'https://localhost:4401/api/v2/users/samlp%7Cacme%7Cann%40example.com',
    )
    expect(users.mock.calls[0]?.[0].headers.get('authorization')).toBe('Bearer token-1')
    expect(account).toMatchObject({ email: 'ann@example.com', blocked: false, app_metadata: {} })
  })

  it('fetches another token once when the one it has is refused', async () => {
    users.mockImplementationOnce(answer(401)).mockImplementationOnce(answer(200, USER))
    await getUser('auth0|ann')
    expect(users.mock.calls.map(([request]) => request.headers.get('authorization'))).toEqual([
      'Bearer token-1',
      'Bearer token-2',
    ])
  })

  it.each([
    ['not_found', answer(404), 1],
    ['missing_scope', answer(403), 1],
    ['management_failed', answer(401), 2],
    ['management_failed', answer(429), 1],
    ['management_failed', answer(200, { user_id: 'auth0|ann' }), 1],
    ['tenant_unreachable', answer(503), 1],
    ['tenant_unreachable', () => Promise.reject(new TypeError('fetch failed')), 1],
  ])('throws %s and nothing of the answer', async (code, response, attempts) => {
    users.mockImplementation(response)
    const error = await getUser('auth0|ann').catch((thrown: Error) => thrown)
    expect(error).toMatchObject({ name: 'ManagementApiError', code })
    expect(JSON.stringify(error) + String(error)).not.toContain('ann@')
    expect(users).toHaveBeenCalledTimes(attempts)
  })
})
