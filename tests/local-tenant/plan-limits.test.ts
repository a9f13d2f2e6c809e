import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { aManagementApi, userPath } from '../support/tenant/management-calls'

const tenant = await aManagementApi()

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime('2026-11-29T12:00:00.000Z')
  tenant.state.reset()
})
afterEach(() => vi.useRealTimers())

const play = (options: Record<string, unknown>) => tenant.call('POST', '/_tenant/options', { body: options })

const scope = 'read:users update:users delete:users read:clients read:connections read:organizations'

const ANN = userPath('auth0|ann')
const GONE = userPath('auth0|gone')

const CALLS = {
  list: ['GET', '/api/v2/users?per_page=1'],
  read: ['GET', ANN],
  byEmail: ['GET', '/api/v2/users-by-email?email=ann@example.com'],
  write: ['PATCH', ANN, { user_metadata: { a: 1 } }],
  remove: ['DELETE', GONE],
  unlink: ['DELETE', userPath('auth0|ann', 'identities', 'github', 'x')],
  clients: ['GET', '/api/v2/clients'],
  connections: ['GET', '/api/v2/connections'],
  organization: ['GET', '/api/v2/organizations/org_0000000000000000'],
  organizations: ['GET', userPath('auth0|ann', 'organizations')],
  members: ['GET', '/api/v2/organizations/org_0000000000000000/members'],
  addMember: ['POST', '/api/v2/organizations/org_0000000000000000/members', { members: ['auth0|ann'] }],
  memberRoles: ['GET', '/api/v2/organizations/org_0000000000000000/members/auth0%7Cann/roles'],
  sessions: ['GET', userPath('auth0|ann', 'sessions')],
} as const satisfies Record<string, readonly [string, string, object?]>

type CallName = keyof typeof CALLS

const call = (name: CallName) => {
  const [method, path, body] = CALLS[name] as readonly [string, string, object?]
  return tenant.call(method, path, { scope, ...(body && { body }) })
}

/** How often a call is answered before the first 429. */
async function answered(name: CallName, most = 100): Promise<number> {
  for (let count = 0; count < most; count += 1) if ((await call(name)).status === 429) return count
  return most
}

const pass = (milliseconds: number) => vi.setSystemTime(Date.now() + milliseconds)

describe('the option plan', () => {
  it('is off by default and after null', async () => {
    expect(tenant.state.options.plan).toBeNull()
    expect(await answered('read')).toBe(100)
    await play({ plan: 'free' })
    await play({ plan: null })
    expect(await answered('read')).toBe(100)
  })

  it('refuses other plans', async () => {
    expect((await play({ plan: 'platinum' })).status).toBe(400)
  })

  it('is overridden by rate_limit', async () => {
    await play({ plan: 'free', rate_limit: { burst: 5, per_second: 1 } })
    expect(await answered('read')).toBe(5)
    await play({ rate_limit: null })
    expect(await answered('read')).toBe(2)
  })

  it('starts with full buckets when it changes', async () => {
    await play({ plan: 'free' })
    await answered('read')
    await play({ plan: 'enterprise' })
    expect(await answered('read')).toBe(50)
    await play({ plan: 'free' })
    expect(await answered('read')).toBe(2)
  })

  it('is forgotten by a reset', async () => {
    await play({ plan: 'free' })
    await answered('read')
    tenant.state.reset()
    await play({ plan: 'free' })
    expect(await answered('read')).toBe(2)
  })
})

describe('free', () => {
  it('allows 2 calls at once and 2 a second, for the whole API', async () => {
    await play({ plan: 'free' })
    expect([await answered('read'), await answered('clients')]).toEqual([2, 0])
    const refused = await call('read')
    expect(refused.body).toMatchObject({ statusCode: 429, message: 'Global limit has been reached' })
    expect(refused.headers.get('retry-after')).toBe('1')
    pass(500)
    expect(await answered('read')).toBe(1)
    pass(60_000)
    expect(await answered('read')).toBe(2)
  })
})

describe('enterprise', () => {
  beforeEach(() => play({ plan: 'enterprise' }))

  it('allows 50 calls at once and 16 a second, for the whole API', async () => {
    const { headers } = await call('read')
    expect(headers.get('x-ratelimit-limit')).toBe('50')
    expect([await answered('write'), await answered('sessions')]).toEqual([49, 0])
    pass(1_000)
    expect(await answered('unlink')).toBe(16)
  })

  it.each([
    ['organizations', 40],
    ['members', 40],
    ['addMember', 20],
    ['memberRoles', 20],
  ] as const)('%s: also at most %i at once', async (name, burst) => {
    expect(await answered(name)).toBe(burst)
    expect((await call('read')).status).toBe(200)
  })

  it('also allows at most 10 reads of an organization at once', async () => {
    expect(await answered('organization')).toBe(10)
    expect((await call('organization')).body.message).toBe('Endpoint limit has been reached')
    expect((await call('read')).status).toBe(200)
    // The limit of the whole API counted the 10 answered calls, the 2 refused ones, and the read before.
    expect(await answered('read')).toBe(50 - 10 - 2 - 1)
  })
})

describe('essentials', () => {
  beforeEach(() => play({ plan: 'essentials' }))

  it.each([
    ['list', 40],
    ['read', 40],
    ['write', 20],
    ['remove', 20],
    ['clients', 5],
    ['connections', 5],
    ['organization', 20],
    ['members', 40],
    ['addMember', 20],
    ['memberRoles', 20],
    ['organizations', 10],
    ['byEmail', 10],
    ['sessions', 10],
    ['unlink', 10],
  ] as const)('%s: %i at once', async (name, burst) => {
    expect(await answered(name)).toBe(burst)
    const refused = await call(name)
    expect(refused.body.message).toBe('Endpoint limit has been reached')
    expect(refused.headers.get('x-ratelimit-limit')).toBe(String(burst))
  })

  it.each([
    ['read', 500],
    ['write', 200],
    ['remove', 200],
    ['clients', 100],
    ['connections', 50],
    ['organization', 200],
    ['sessions', 150],
  ] as const)('%s: %i a minute', async (name, perMinute) => {
    await answered(name)
    pass(3_000)
    expect(await answered(name)).toBe(Math.floor(perMinute / 20))
  })

  it('counts list and read together, and all calls without a separate limit together', async () => {
    expect([await answered('list'), await answered('read')]).toEqual([40, 0])
    expect([await answered('sessions'), await answered('unlink'), await answered('byEmail')]).toEqual([
      10, 0, 0,
    ])
    expect((await call('write')).status).toBe(200)
  })

  it('adds calls once a second', async () => {
    await answered('read')
    pass(900)
    expect(await answered('read')).toBe(0)
    pass(100)
    expect(await answered('read')).toBe(8)
  })

  it('counts links as writes of users if the option says so', async () => {
    await play({ answers: { links_count_as: 'write_users' } })
    expect([await answered('unlink'), await answered('write'), await answered('sessions')]).toEqual([
      20, 0, 10,
    ])
  })
})
