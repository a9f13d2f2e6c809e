import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ManagementApi } from '@/lib/auth0/management-api'
import { APP_ENVIRONMENT } from '../../support/process/app-environment'
import { services } from '../../support/process/page-services'
import { forgetProcessMemory } from '../../support/process/process-memory'

const USER = {
  user_id: 'auth0|ann',
  email: 'ann@example.com',
  identities: [{ provider: 'auth0', connection: 'db', user_id: 'ann', isSocial: false }],
}
type Answer = (request: Request) => Promise<Response>
const calls = vi.fn<Answer>()
let tokens = 0

beforeEach(async () => {
  for (const [name, value] of Object.entries(APP_ENVIRONMENT)) vi.stubEnv(name, value)
  vi.stubGlobal('fetch', async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input, init)
    if (!request.url.endsWith('/oauth/token')) return calls(request)
    return Response.json({ access_token: `token-${++tokens}`, expires_in: 1000 })
  })
  calls.mockReset()
  forgetProcessMemory('management-token', 'cached')
  tokens = 0
  // Request a token before the clock is faked: caching a token uses cryptography, which needs real timers.
  await services().authorities.server().token()
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] })
})

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.unstubAllEnvs()
})

const answer =
  (status: number, body: unknown = { message: 'ann@example.com' }, headers: object = {}): Answer =>
  async () =>
    new Response(typeof body === 'string' ? body : JSON.stringify(body), {
      status,
      headers: { 'content-type': 'application/json', ...headers },
    })
const down: Answer = () => Promise.reject(new TypeError('fetch failed'))
const hanging: Answer = ({ signal }) =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason))
  })

/** Waits for a call while timers run, and returns its result. */
async function settle<Result>(work: Promise<Result>): Promise<Result> {
  let isOver = false
  const end = () => {
    isOver = true
  }
  work.then(end, end)
  while (!isOver) {
    await new Promise((resolve) => setImmediate(resolve))
    if (vi.getTimerCount() > 0) await vi.advanceTimersToNextTimerAsync()
  }
  return work
}

const asked = () =>
  calls.mock.calls.map(([{ method, url }]) => `${method} ${url.replace('https://localhost:4401/api/v2', '')}`)

describe('reading a user', () => {
  it('calls the canonical domain with the id encoded', async () => {
    calls.mockImplementation(answer(200, USER))
    const account = await services().managementApi().getUser('samlp|acme|ann@example.com')
    expect(calls.mock.calls[0]?.[0].url).toBe(
      'https://localhost:4401/api/v2/users/samlp%7Cacme%7Cann%40example.com',
    )
    expect(calls.mock.calls[0]?.[0].headers.get('authorization')).toBe('Bearer token-1')
    expect(account).toMatchObject({ email: 'ann@example.com', app_metadata: {} })
  })

  it('requests another token once if the current one is rejected', async () => {
    calls.mockImplementationOnce(answer(401)).mockImplementationOnce(answer(200, USER))
    await services().managementApi().getUser('auth0|ann')
    expect(calls.mock.calls.map(([request]) => request.headers.get('authorization'))).toEqual([
      'Bearer token-1',
      'Bearer token-2',
    ])
  })

  it.each([
    ['not_found', answer(404), 1],
    ['not_found', answer(200, { ...USER, identities: [] }), 1],
    ['missing_scope', answer(403), 1],
    ['management_failed', answer(401), 2],
    ['management_failed', answer(429), 2],
    ['management_failed', answer(200, { user_id: 'auth0|ann' }), 1],
    ['tenant_unreachable', answer(503), 2],
    ['tenant_unreachable', answer(200, '{"user_id'), 2],
    ['tenant_unreachable', down, 2],
    ['tenant_unreachable', hanging, 2],
  ])('throws %s and no text of the response', async (code, response, attempts) => {
    calls.mockImplementation(response)
    const error = await settle(
      services()
        .managementApi()
        .getUser('auth0|ann')
        .catch((thrown: Error) => thrown),
    )
    expect(error).toMatchObject({ name: 'ManagementApiError', code })
    expect(JSON.stringify(error) + String(error)).not.toContain('ann@')
    expect(calls).toHaveBeenCalledTimes(attempts)
  })
})

describe('retries', () => {
  it.each([
    ['a lost response', down, 250],
    ['a server error', answer(500), 250],
    ['a 429 with a number of seconds', answer(429, {}, { 'retry-after': '3' }), 3000],
    [
      'a 429 with a reset time',
      async () =>
        answer(
          429,
          {},
          { 'x-ratelimit-reset': String(Math.floor(Date.now() / 1000) + 2) },
        )(new Request('x:y')),
      2000,
    ],
  ])('retries a read after %s', async (_what, failure, wait) => {
    vi.setSystemTime(1_800_000_000_000)
    calls.mockImplementationOnce(failure).mockImplementation(answer(200, USER))
    const start = Date.now()
    await settle(services().managementApi().getUser('auth0|ann'))
    expect(Date.now() - start).toBeGreaterThanOrEqual(wait)
    expect(Date.now() - start).toBeLessThan(wait + 200)
  })

  it('does not wait longer than the time limit', async () => {
    calls.mockImplementation(answer(429, {}, { 'retry-after': '9' }))
    const start = Date.now()
    await expect(settle(services().managementApi().getUser('auth0|ann'))).rejects.toMatchObject({
      status: 429,
    })
    expect(Date.now() - start).toBeLessThan(200)
  })

  it('ends within its time limit, whatever hangs', async () => {
    calls.mockImplementation(hanging)
    const api = services().managementApi()
    const start = Date.now()
    for (let count = 0; count < 4; count += 1) await settle(api.getUser('auth0|ann').catch(() => undefined))
    expect(Date.now() - start).toBeLessThanOrEqual(8_200)
    expect(calls.mock.calls.length).toBeLessThanOrEqual(5)
  })

  it.each([
    ['a link', (api: ManagementApi) => api.linkIdentity('auth0|ann', { provider: 'github', user_id: '1' })],
    [
      'an unlink',
      (api: ManagementApi) => api.unlinkIdentity('auth0|ann', { provider: 'github', user_id: 'github|1' }),
    ],
    ['the removal of a user', (api: ManagementApi) => api.deleteUser('auth0|ann')],
  ])('never retries %s', async (_what, call) => {
    for (const failure of [down, answer(503), answer(429)]) {
      calls.mockReset().mockImplementation(failure)
      await expect(settle(call(services().managementApi()))).rejects.toMatchObject({
        name: 'ManagementApiError',
      })
      expect(calls).toHaveBeenCalledTimes(1)
    }
  })

  it.each([
    ['the end of a session', (api: ManagementApi) => api.deleteSession('s1')],
    ['the end of refresh tokens', (api: ManagementApi) => api.deleteRefreshTokens('auth0|ann')],
  ])('retries %s once after a rate limit, and after nothing else', async (_what, call) => {
    for (const [failure, count] of [
      [answer(429, {}, { 'retry-after': '1' }), 2],
      [down, 1],
      [answer(503), 1],
    ] as const) {
      calls.mockReset().mockImplementation(failure)
      await expect(settle(call(services().managementApi()))).rejects.toMatchObject({
        name: 'ManagementApiError',
      })
      expect(calls).toHaveBeenCalledTimes(count)
    }
  })

  it('retries a PATCH, because it writes the same again', async () => {
    calls.mockImplementationOnce(down).mockImplementation(answer(200, USER))
    await settle(
      services()
        .managementApi()
        .patchUser('auth0|ann', { app_metadata: { a: 1 } }),
    )
    expect(asked()).toEqual(['PATCH /users/auth0%7Cann', 'PATCH /users/auth0%7Cann'])
  })

  it.each([[{}], [[]], ['']])('does not accept %j as the response to a PATCH', async (body) => {
    calls.mockImplementation(answer(200, body))
    const merge = settle(
      services()
        .managementApi()
        .patchUser('auth0|ann', { app_metadata: { a: 1 } }),
    )
    await expect(merge).rejects.toMatchObject({
      code: expect.stringMatching(/^(management_failed|tenant_unreachable)$/),
    })
  })
})

describe('the calls of ManagementApi', () => {
  it('name an identity by the encoded part of its id after the first bar', async () => {
    calls.mockImplementation(answer(200, []))
    await services()
      .managementApi()
      .unlinkIdentity('auth0|ann', { provider: 'samlp', user_id: 'samlp|acme|a/../b' })
    expect(asked()).toEqual(['DELETE /users/auth0%7Cann/identities/samlp/acme%7Ca%2F..%2Fb'])
  })

  it.each(['POST', 'DELETE'] as const)(
    'fail for a %s of rights that is answered with 200, which Auth0 never does',
    async (method) => {
      calls.mockImplementation(answer(200, {}))
      const write = services()
        .managementApi()
        .call(method, '/users/x/roles', { roles: ['rol_1'] }, 'rights')
      await expect(settle(write.catch((thrown: Error) => thrown))).resolves.toMatchObject({
        code: 'tenant_unreachable',
      })
      calls.mockImplementation(answer(201, {}))
      await services()
        .managementApi()
        .call(method, '/users/x/roles', { roles: ['rol_1'] }, 'rights')
    },
  )

  it('accept a 200 for an enrollment ticket', async () => {
    calls.mockImplementation(answer(200, { ticket_url: 'https://login.example/' }))
    const ticket = services().managementApi().call('POST', '/guardian/enrollments/ticket', {})
    expect(await ticket).toEqual({ ticket_url: 'https://login.example/' })
  })

  it('look up an address in both spellings, or once if both are the same', async () => {
    calls.mockImplementation(answer(200, [USER]))
    const api = services().managementApi()
    expect(await api.findUsers('Ann@Example.com')).toHaveLength(2)
    expect(await api.findUsers('ann@example.com')).toHaveLength(1)
    expect(asked().map((call) => new URL(call.slice(4), 'x:/').searchParams.get('email'))).toEqual([
      'Ann@Example.com',
      'ann@example.com',
      'ann@example.com',
    ])
  })

  it('read every page of connections, and omit those of Token Vault', async () => {
    const page = (names: string[], next?: string) =>
      answer(200, { connections: names.map((name) => ({ name, strategy: 'github' })), next })
    calls.mockImplementationOnce(page(['a', 'b'], 'more')).mockImplementationOnce(
      answer(200, {
        connections: [
          { name: 'c', strategy: 'github', authentication: { active: true } },
          { name: 'vault', strategy: 'github', authentication: { active: false } },
        ],
      }),
    )
    const found = await services().managementApi().connectionsOf('linking')
    expect(found.map(({ name }) => name)).toEqual(['a', 'b', 'c'])
  })

  it('read five pages of connections for a list, and as many as needed to find one', async () => {
    let pages = 0
    calls.mockImplementation((...args) => {
      pages += 1
      const connections = [{ name: `c${pages}`, strategy: 'samlp' }]
      return answer(200, { connections, ...(pages < 40 && { next: `${pages}` }) })(...args)
    })
    expect(await services().managementApi().connectionsOf('linking')).toHaveLength(5)
    pages = 0
    const isFound = (found: { name: string }[]) => found.some(({ name }) => name === 'c30')
    expect(await services().managementApi().connectionsOf('linking', isFound)).toHaveLength(30)
    pages = 0
    expect(
      await services()
        .managementApi()
        .connectionsOf('linking', () => false),
    ).toHaveLength(40)
    pages = -1_000
    await expect(
      services()
        .managementApi()
        .connectionsOf('linking', () => false),
    ).rejects.toMatchObject({
      code: 'management_failed',
    })
  })

  it('keep the sessions of a user, even if fields are missing', async () => {
    calls.mockImplementation(
      answer(200, {
        sessions: [
          { id: 's1', authenticated_at: '2026-01-01T00:00:00.000Z' },
          { id: 's2' },
          { authenticated_at: '2026-01-01T00:00:00.000Z' },
        ],
      }),
    )
    expect((await services().managementApi().listSessions('auth0|ann')).sessions.map(({ id }) => id)).toEqual(
      ['s1', 's2', undefined],
    )
  })
})

describe('the header auth0-custom-domain', () => {
  const header = () => calls.mock.calls.map(([request]) => request.headers.get('auth0-custom-domain'))

  it('names the domain where people sign in, if the call goes to another one', async () => {
    calls.mockImplementation(answer(200, USER))
    await settle(
      services()
        .managementApi()
        .patchUser('auth0|ann', { app_metadata: { a: 1 } }),
    )
    expect(header()).toEqual(['localhost:4400'])
  })

  it('is omitted in a call to that domain', async () => {
    calls.mockImplementation(answer(200, USER))
    const { managementApi } = services({ LINKING_AUTHORITY: 'linking-client' })
    await settle(managementApi().patchUser('auth0|ann', { app_metadata: { a: 1 } }))
    expect(header()).toEqual([null])
  })
})
