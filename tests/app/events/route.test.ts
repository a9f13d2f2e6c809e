import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type * as Route from '@/app/events/route'
import { aLog, startedWith } from '../../lib/events/an-event'

const SECRET = 'action-events-secret-0123456789abcdef'
const BODY = {
  type: 'account.linked',
  timestamp: '2026-11-24T09:00:00.000Z',
  data: {
    primary_user_id: 'auth0|ann-0001',
    secondary_user_id: 'google-oauth2|ann-0002',
    connection: 'google-oauth2',
    client_id: 'demo-other',
    client_name: 'Other Company',
  },
}

const load = () => import('@/app/events/route')
/** The work that the route hands to `after` of Next.js. */
const tasks: (() => Promise<void>)[] = []
const start = (env: Record<string, string> = {}) =>
  startedWith(load, { EVENTS_WEBHOOK_URL: '', ACTION_EVENTS_SECRET: SECRET, ...env })

beforeEach(() => {
  vi.doMock('next/server', () => ({ after: (task: () => Promise<void>) => void tasks.push(task) }))
})
afterEach(() => {
  tasks.length = 0
  vi.doUnmock('next/server')
  vi.unstubAllEnvs()
})

function post(
  route: typeof Route,
  { body = BODY, token = `Bearer ${SECRET}` }: { body?: unknown; token?: string } = {},
) {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const headers = { 'content-type': 'application/json', ...(token && { authorization: token }) }
  return route.POST(new Request('http://localhost:3000/events', { method: 'POST', headers, body: text }))
}
async function told(log: ReturnType<typeof aLog>) {
  await Promise.all(tasks.splice(0).map((task) => task()))
  return log.lines('account_event')
}

describe('POST /events', () => {
  it('accepts a link from the Action, and reports it as an event of a login', async () => {
    const route = await start()
    const log = aLog()
    const response = await post(route)
    expect([response.status, await response.json()]).toEqual([202, {}])
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await told(log)).toEqual([
      expect.objectContaining({
        type: 'account.linked',
        way: 'login',
        connection: 'google-oauth2',
        client_id: 'demo-other',
        user: expect.any(String),
        other: expect.any(String),
      }),
    ])
  })

  it('answers before it reports the event', async () => {
    const route = await start()
    const log = aLog()
    expect((await post(route)).status).toBe(202)
    expect(log.lines()).toEqual([])
    expect(await told(log)).toHaveLength(1)
  })

  it('answers 404 without ACTION_EVENTS_SECRET', async () => {
    const route = await start({ ACTION_EVENTS_SECRET: '' })
    const log = aLog()
    for (const token of [`Bearer ${SECRET}`, 'Bearer ', 'Bearer undefined']) {
      const response = await post(route, { token })
      expect([response.status, await response.json()]).toEqual([404, { error: 'not_found' }])
    }
    expect(await told(log)).toEqual([])
  })

  it.each([
    ['none', ''],
    ['another one', `Bearer ${SECRET}x`],
    ['half of it', `Bearer ${SECRET.slice(0, 20)}`],
    ['another scheme', `Basic ${SECRET}`],
    ['no scheme', SECRET],
  ])('answers 401 without the right token: %s', async (_what, token) => {
    const route = await start()
    const log = aLog()
    const response = await post(route, { token })
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await told(log)).toEqual([])
  })

  it.each([
    ['no JSON', '{'],
    ['nothing', ''],
    ['another type', { ...BODY, type: 'account.unlinked' }],
    ['no time', { ...BODY, timestamp: 'now' }],
    ['a first id that is no user id', { ...BODY, data: { ...BODY.data, primary_user_id: 'ann' } }],
    ['a second id that is no user id', { ...BODY, data: { ...BODY.data, secondary_user_id: '|ann' } }],
    ['no connection', { ...BODY, data: { ...BODY.data, connection: undefined } }],
    ['no client', { ...BODY, data: { ...BODY.data, client_id: 7 } }],
    ['a body over 8 kB', { ...BODY, padding: 'x'.repeat(8_192) }],
  ])('refuses %s', async (_what, body) => {
    const route = await start()
    const log = aLog()
    const response = await post(route, { body })
    expect([response.status, await response.json()]).toEqual([400, { error: 'bad_request' }])
    expect(await told(log)).toEqual([])
  })

  it('accepts an application without a name', async () => {
    const route = await start()
    aLog()
    expect(
      (await post(route, { body: { ...BODY, data: { ...BODY.data, client_name: undefined } } })).status,
    ).toBe(202)
  })

  it.each(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const)(
    'answers 405 to %s',
    async (method) => {
      const response = await (await start())[method]()
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST'])
    },
  )
})

describe('a repeated event', () => {
  it('is accepted, and reported once', async () => {
    const route = await start()
    const log = aLog()
    expect((await post(route)).status).toBe(202)
    expect((await post(route)).status).toBe(202)
    expect(await told(log)).toHaveLength(1)
  })

  it.each([
    ['an event of a later time', { timestamp: '2026-11-24T09:00:00.001Z' }],
    ['an event of another account', { data: { ...BODY.data, primary_user_id: 'auth0|bea' } }],
    ['an event of another identity', { data: { ...BODY.data, secondary_user_id: 'github|bea' } }],
  ])('is not %s', async (_what, changes) => {
    const route = await start()
    const log = aLog()
    await post(route)
    await post(route, { body: { ...BODY, ...changes } })
    expect(await told(log)).toHaveLength(2)
  })

  it('may be reported twice rather than not at all if the store does not answer', async () => {
    const route = await start()
    const log = aLog()
    const { LinkingError } = await import('@/core/errors')
    const { memoryStore } = await import('@/lib/store/memory-store')
    vi.spyOn(memoryStore, 'take').mockRejectedValue(new LinkingError('store_unavailable'))
    await post(route)
    expect(await told(log)).toHaveLength(1)
  })

  it('may be reported twice rather than not at all if the store is full', async () => {
    const route = await start()
    const log = aLog()
    const { memoryStore } = await import('@/lib/store/memory-store')
    vi.spyOn(memoryStore, 'take').mockResolvedValue(false)
    const { ManagementApi } = await import('@/lib/auth0/management-api')
    vi.spyOn(ManagementApi.prototype, 'getUser').mockRejectedValue(new Error('no'))
    await post(route)
    expect(await told(log)).toHaveLength(1)
  })
})

describe('the addresses of a link', () => {
  async function withAccount(env: Record<string, string>, getUser: () => Promise<unknown>) {
    const route = await start(env)
    const log = aLog()
    const { ManagementApi } = await import('@/lib/auth0/management-api')
    const read = vi.spyOn(ManagementApi.prototype, 'getUser').mockImplementation(getUser as never)
    await post(route)
    const [line] = await told(log)
    return { line, read }
  }
  const ann = async () => ({
    email: 'ann@example.com',
    app_metadata: {},
    identities: [
      { user_id: 'auth0|ann-0001', profile: { email: 'ann@example.com' } },
      { user_id: 'google-oauth2|ann-0002', profile: { email: 'lee@example.org' } },
    ],
  })

  it('are looked up with EVENTS_INCLUDE_EMAIL', async () => {
    const { line, read } = await withAccount({ EVENTS_INCLUDE_EMAIL: '1' }, ann)
    expect(read).toHaveBeenCalledExactlyOnceWith('auth0|ann-0001')
    expect(line).toMatchObject({ email: 'a••@example.com', other_email: 'l••@example.org' })
  })

  it('are left out without EVENTS_INCLUDE_EMAIL', async () => {
    const { line } = await withAccount({}, ann)
    expect(line).not.toHaveProperty('email')
  })

  it('are left out if they cannot be read', async () => {
    const { line } = await withAccount({ EVENTS_INCLUDE_EMAIL: '1' }, () => Promise.reject(new Error('no')))
    expect(line).toMatchObject({ type: 'account.linked' })
    expect(line).not.toHaveProperty('email')
  })

  it('are left out if no server may read them', async () => {
    const env = {
      EVENTS_INCLUDE_EMAIL: '1',
      LINKING_AUTHORITY: 'user',
      CONNECT_CONNECTIONS: 'github',
      MANAGEMENT_API_CLIENT_ID: '',
      MANAGEMENT_API_CLIENT_SECRET: '',
    }
    const route = await start(env)
    const log = aLog()
    await post(route)
    expect((await told(log))[0]).not.toHaveProperty('email')
  })
})

describe('the middleware', () => {
  beforeEach(() => {
    vi.doUnmock('next/server')
    vi.resetModules()
  })
  it.each([
    ['/events', false],
    ['/events/x', true],
    ['/eventsx', true],
  ])('runs for %s: %s', async (path, runs) => {
    const { config } = await import('@/middleware')
    expect(new RegExp(`^${config.matcher[0]}$`).test(path)).toBe(runs)
  })
})
