import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { aManagementApi, userPath } from '../support/tenant/management-calls'
import { aRefreshToken, aSession } from '../support/tenant/session'

let tenant: Awaited<ReturnType<typeof aManagementApi>>
beforeAll(async () => {
  tenant = await aManagementApi()
})
beforeEach(() => {
  tenant.state.reset()
  // Sessions end at once here. ended-access.server.test.ts tests the delay.
  tenant.state.changeOptions({ ending_delay_ms: 0 })
})

const linkAnn = () =>
  tenant.call('POST', userPath('auth0|ann', 'identities'), {
    scope: 'update:users',
    body: { provider: 'google-oauth2', user_id: 'ann-g' },
  })
const unlinkAnn = () =>
  tenant.call('DELETE', userPath('auth0|ann', 'identities', 'google-oauth2', 'ann-g'), {
    scope: 'update:users',
  })

const REFUSED = { statusCode: 404, error: 'Not Found', message: 'The user does not exist.' }

const addSessions = (userId: string, ...ids: string[]) => {
  for (const id of ids) tenant.state.sessions.set(id, aSession({ id, user_id: userId }))
}

describe('GET /api/v2/users/{id}/sessions', () => {
  const list = (userId: string, query = '') =>
    tenant.call('GET', userPath(userId, 'sessions') + query, { scope: 'read:sessions' })

  it('shows how and when the session began, which applications used it, and when it ends', async () => {
    const timestamp = '2026-01-01T00:00:00.000Z'
    tenant.state.sessions.set(
      's1',
      aSession({
        client_ids: ['demo-app', 'linking'],
        created_at: '2025-12-31T00:00:00.000Z',
        updated_at: '2026-01-02T00:00:00.000Z',
        methods: [
          { name: 'pwd', timestamp },
          { name: 'mfa', timestamp, type: 'otp' },
        ],
      }),
    )
    const { status, body } = await list('auth0|ann')
    expect(status).toBe(200)
    expect(body).toEqual({
      sessions: [
        {
          id: 's1',
          user_id: 'auth0|ann',
          created_at: '2025-12-31T00:00:00.000Z',
          updated_at: '2026-01-02T00:00:00.000Z',
          authenticated_at: '2026-01-01T00:00:00.000Z',
          idle_expires_at: '2026-01-05T00:00:00.000Z',
          expires_at: '2026-01-08T00:00:00.000Z',
          device: {},
          clients: [{ client_id: 'demo-app' }, { client_id: 'linking' }],
          authentication: {
            methods: [
              { name: 'pwd', timestamp },
              { name: 'mfa', timestamp, type: 'otp' },
            ],
          },
        },
      ],
    })
  })

  it('lists the sessions of this user only, with checkpoint pagination', async () => {
    addSessions('auth0|ann', 's1', 's2', 's3')
    addSessions('auth0|bea', 's4')
    const first = (await list('auth0|ann', '?take=2')).body
    expect(first.sessions.map(({ id }: { id: string }) => id)).toEqual(['s1', 's2'])
    const last = (await list('auth0|ann', `?take=2&from=${first.next}&include_totals=true`)).body
    expect(last.sessions.map(({ id }: { id: string }) => id)).toEqual(['s3'])
    expect(last).toMatchObject({ total: 3 })
    expect(last).not.toHaveProperty('next')
    expect((await list('auth0|ann', '?take=0')).body.errorCode).toBe('invalid_query_string')
  })
})

describe('GET and DELETE /api/v2/sessions/{id}', () => {
  const session = (method: string, id: string, scope: string) =>
    tenant.call(method, `/api/v2/sessions/${id}`, { scope })

  it('reads a session, and ends it and no other', async () => {
    addSessions('auth0|ann', 's1', 's2')
    expect((await session('GET', 's1', 'read:sessions')).body).toMatchObject({ user_id: 'auth0|ann' })
    const ended = await session('DELETE', 's1', 'delete:sessions')
    expect([ended.status, ended.body]).toEqual([202, {}])
    expect([...tenant.state.sessions.keys()]).toEqual(['s2'])
    const gone = await session('GET', 's1', 'read:sessions')
    expect(gone.body).toEqual({
      statusCode: 404,
      error: 'Not Found',
      message: 'The session does not exist.',
    })
  })

  it('accepts a call to end a session that does not exist', async () => {
    expect((await session('DELETE', 'nothing', 'delete:sessions')).status).toBe(202)
  })
})

describe('GET /api/v2/users/{id}/refresh-tokens', () => {
  const list = (query = '') =>
    tenant.call('GET', userPath('auth0|ann', 'refresh-tokens') + query, { scope: 'read:refresh_tokens' })

  it('lists what refresh tokens are for, but never the tokens themselves', async () => {
    const audience = 'https://localhost:4401/api/v2/'
    tenant.state.refreshTokens.set('canary-1', aRefreshToken('r1', { sessionId: 's1', audience }))
    tenant.state.refreshTokens.set('canary-2', aRefreshToken('r2'))
    tenant.state.refreshTokens.set('canary-3', aRefreshToken('r3', { userId: 'auth0|bea' }))
    const { status, body } = await list()
    expect(status).toBe(200)
    expect(body).toEqual({
      tokens: [
        {
          id: 'r1',
          user_id: 'auth0|ann',
          created_at: '2026-01-01T00:00:00.000Z',
          idle_expires_at: null,
          expires_at: null,
          client_id: 'demo-app',
          session_id: 's1',
          rotating: false,
          resource_servers: [{ audience, scopes: 'openid offline_access' }],
        },
        expect.objectContaining({ id: 'r2', session_id: null, resource_servers: [] }),
      ],
    })
    expect((await list('?take=1&include_totals=true')).body).toMatchObject({ next: '1', total: 2 })
  })
})

describe.each([
  ['sessions', 'read:sessions', 'delete:sessions'],
  ['refresh-tokens', 'read:refresh_tokens', 'delete:refresh_tokens'],
] as const)('/api/v2/users/{id}/%s', (kind, reading, deleting) => {
  const list = async (userId: string) =>
    (await tenant.call('GET', userPath(userId, kind), { scope: reading })).body
  const end = (userId: string) => tenant.call('DELETE', userPath(userId, kind), { scope: deleting })
  const count = async (userId: string) => Object.values<unknown[]>(await list(userId))[0]?.length

  const GOOGLE = 'google-oauth2|ann-g'
  beforeEach(() => {
    addSessions(GOOGLE, 's1', 's2')
    addSessions('auth0|bea', 's3')
    tenant.state.refreshTokens.set('t1', aRefreshToken('r1', { userId: GOOGLE }))
    tenant.state.refreshTokens.set('t2', aRefreshToken('r2', { userId: GOOGLE }))
    tenant.state.refreshTokens.set('t3', aRefreshToken('r3', { userId: 'auth0|bea' }))
  })

  it('ends all of this user and no others, and the ledger does not list that as a change of a user', async () => {
    const { status, body } = await end(GOOGLE)
    expect([status, body]).toEqual([202, {}])
    expect([await count(GOOGLE), await count('auth0|bea')]).toEqual([0, 1])
    expect(tenant.state.ledger.map(({ effect }) => effect)).toEqual([null, null, null])
  })

  it('requires a separate scope for reading and for ending', async () => {
    const path = userPath(GOOGLE, kind)
    const read = await tenant.call('GET', path, { scope: deleting })
    expect(read.body).toMatchObject({
      statusCode: 403,
      message: `Insufficient scope, expected any of: ${reading}`,
    })
    expect((await tenant.call('DELETE', path, { scope: reading })).status).toBe(403)
    expect(await count(GOOGLE)).toBe(2)
  })

  it('answers 404 for an unknown user, and 400 for a malformed user id', async () => {
    expect(await list('github|unknown')).toEqual({ ...REFUSED, errorCode: 'inexistent_user' })
    expect((await end('github|unknown')).body).toEqual({ ...REFUSED, errorCode: 'inexistent_user' })
    expect((await end('unknown')).body.errorCode).toBe('invalid_uri')
  })

  it('finds and ends those of a linked user by its old id', async () => {
    await linkAnn()
    expect(await count(GOOGLE)).toBe(2)
    expect((await end(GOOGLE)).status).toBe(202)
    expect(await count(GOOGLE)).toBe(0)
  })

  it('answers 404 for a linked user if the option says so', async () => {
    tenant.state.changeOptions({ answers: { removed_user_sessions: '404' } })
    await linkAnn()
    expect((await end(GOOGLE)).body).toEqual({ ...REFUSED, errorCode: 'inexistent_user' })
    await unlinkAnn()
    expect(await count(GOOGLE)).toBe(2)
  })

  it('shows none of an unlinked user if they were ended while it was linked', async () => {
    await linkAnn()
    await end(GOOGLE)
    await unlinkAnn()
    expect(await count(GOOGLE)).toBe(0)
  })

  it('shows none of a deleted user', async () => {
    await tenant.call('DELETE', userPath(GOOGLE), { scope: 'delete:users' })
    tenant.state.createUser({ user_id: GOOGLE })
    expect(await count(GOOGLE)).toBe(0)
  })

  it('shows none after a reset', async () => {
    tenant.state.reset()
    expect(await count(GOOGLE)).toBe(0)
  })
})
