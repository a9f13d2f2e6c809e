import { beforeEach, describe, expect, it } from 'vitest'
import type { WorldUser } from '@/local-tenant/world/world'
import { aManagementApi, userPath } from '../support/tenant/management-calls'

const tenant = await aManagementApi()

const KIM: WorldUser = {
  user_id: 'auth0|kim',
  email: 'kim@example.com',
  email_verified: true,
  name: 'Kim Kay',
  username: 'kimkay',
  created_at: '2025-03-01T09:00:00.000Z',
  logins_count: 12,
  last_login: '2025-12-31T23:00:00.000Z',
  user_metadata: { full_name: 'Kim Kay', display: { size: 13 }, cities: ['Paris', 'Oslo'], none: [] },
  app_metadata: { plan: 'Gold', accounts: [{ number: 1 }, { number: 2 }] },
  identities: [
    { provider: 'auth0', user_id: 'kim', connection: 'Username-Password-Authentication' },
    {
      provider: 'google-oauth2',
      user_id: '123',
      connection: 'google-oauth2',
      profileData: { email: 'kim@gmail.example' },
    },
  ],
}
const WORLD: WorldUser[] = [
  KIM,
  {
    user_id: 'google-oauth2|kim-g',
    email: 'Kim@Example.com',
    email_verified: true,
    name: 'Kim (Google)',
    created_at: '2025-04-01T09:00:00.000Z',
    logins_count: 1,
  },
  {
    user_id: 'auth0|lou',
    email: 'lou@example.org',
    email_verified: false,
    name: 'Lou',
    blocked: true,
    mfa: true,
    created_at: '2025-05-01T09:00:00.000Z',
    identities: [
      { provider: 'auth0', user_id: 'lou', connection: 'Username-Password-Authentication' },
      { provider: 'auth0', user_id: 'lou-old', connection: 'legacy-db', password: 'old' },
    ],
  },
]

beforeEach(() => tenant.state.reset({ users: WORLD }))

const list = (query: Record<string, string> = {}, scope = 'read:users') =>
  tenant.call('GET', `/api/v2/users?${new URLSearchParams(query)}`, { scope })

const namesOf = (users: { user_id: string }[]) =>
  users.map(({ user_id: id }) => id.replace('auth0|', '').replace('google-oauth2|', ''))

describe('GET /api/v2/users', () => {
  it('lists all users in the same form as a read of one user', async () => {
    const { status, body } = await list()
    expect(status).toBe(200)
    expect(namesOf(body)).toEqual(['kim', 'kim-g', 'lou'])
    const alone = await tenant.call('GET', '/api/v2/users/auth0%7Ckim', { scope: 'read:users' })
    expect(body[0]).toEqual(alone.body)
    expect((await list({}, 'read:clients')).status).toBe(403)
  })

  it('lists by page, with the position of the page in the whole list', async () => {
    const { body } = await list({ per_page: '2', page: '1', include_totals: 'true', fields: 'user_id' })
    expect(body).toEqual({ start: 2, limit: 2, length: 1, total: 3, users: [{ user_id: 'auth0|lou' }] })
    expect((await list({ include_totals: 'true', q: 'name:unknown' })).body).toEqual({
      start: 0,
      limit: 50,
      length: 0,
      total: 0,
      users: [],
    })
  })

  it('returns no more than the first 1,000 users', async () => {
    for (const query of [
      { page: '10', per_page: '100' },
      { page: '20', per_page: '50' },
    ]) {
      expect((await list(query)).body).toMatchObject({ statusCode: 400, errorCode: 'invalid_paging' })
    }
    expect((await list({ page: '9', per_page: '100' })).status).toBe(200)
  })

  it('reaches 1,000 of more users, page by page', async () => {
    await tenant.call('POST', '/_tenant/fill', { body: { users: 1_200 } })
    const ids = new Set<string>()
    for (let page = 0; page < 10; page += 1) {
      const { body } = await list({ page: String(page), per_page: '100', include_totals: 'true' })
      expect(body).toMatchObject({ total: 1_203, length: 100 })
      for (const { user_id: id } of body.users) ids.add(id)
    }
    expect(ids.size).toBe(1_000)
    expect((await list({ page: '10', per_page: '100' })).body.errorCode).toBe('invalid_paging')
  })

  it('finds a user by the id of an identity that was linked into it, whose own id is gone', async () => {
    const body = { provider: 'google-oauth2', user_id: 'kim-g' }
    await tenant.call('POST', userPath('auth0|lou', 'identities'), { scope: 'update:users', body })
    const gone = await tenant.call('GET', userPath('google-oauth2|kim-g'), { scope: 'read:users' })
    expect(gone.status).toBe(404)
    expect(namesOf((await list({ q: 'identities.user_id:"kim-g"' })).body)).toEqual(['lou'])
  })

  it('sorts, with users without the field at the end', async () => {
    expect(namesOf((await list({ sort: 'created_at:-1' })).body)).toEqual(['lou', 'kim-g', 'kim'])
    expect(namesOf((await list({ sort: 'logins_count:1' })).body)).toEqual(['kim-g', 'kim', 'lou'])
    expect(namesOf((await list({ sort: 'name:1' })).body)).toEqual(['kim-g', 'kim', 'lou'])
  })

  it('leaves fields out', async () => {
    const { body } = await list({ fields: 'user_id,email', include_fields: 'false', per_page: '1' })
    expect(body[0]).not.toHaveProperty('email')
    expect(body[0]).toHaveProperty('identities')
  })

  it.each([
    [{ search_engine: 'v1' }, 'You are not allowed to use search_engine=v1.'],
    [
      { search_engine: 'v2', q: 'x' },
      'You are not allowed to use search_engine=v2. Use search_engine=v3 instead.',
    ],
    [{ per_page: '101' }, 'per_page'],
    [{ page: '-1' }, 'page'],
    [{ sort: 'name' }, 'sort'],
    [{ colour: 'red' }, 'Additional properties not allowed: colour'],
  ])('refuses %o', async (query, message) => {
    const { status, body } = await list(query as Record<string, string>)
    expect([status, body.message]).toEqual([400, expect.stringContaining(message)])
  })
})

describe('the parameter q', () => {
  it.each([
    ['*:*', ['kim', 'kim-g', 'lou']],
    // Attributes of the normalized profile are compared without regard to case, all others by case.
    ['email:"KIM@example.com"', ['kim', 'kim-g']],
    ['email:kim@example.com', ['kim', 'kim-g']],
    ['email.raw:"kim@example.com"', ['kim']],
    ['email.domain:"example.org"', ['lou']],
    ['user_id:"auth0|kim"', ['kim']],
    ['user_id:auth0|kim', ['kim']],
    ['user_id:"AUTH0|kim"', []],
    ['username:kimkay', ['kim']],
    ['name:"Kim Kay"', ['kim']],
    ['name:Kim\\ Kay', ['kim']],
    ['"Kim Kay"', ['kim']],
    ['kimkay', ['kim']],
    ['name:"Kim"', []],
    ['name:"Kim \\(Google\\)"', ['kim-g']],
    ['email_verified:true', ['kim', 'kim-g']],
    ['blocked:true', ['lou']],
    ['logins_count:12', ['kim']],
    ['identities.connection:"google-oauth2"', ['kim', 'kim-g']],
    ['identities.user_id:"123"', ['kim']],
    ['identities.provider:auth0', ['kim', 'lou']],
    ['identities.profileData.email:"kim@gmail.example"', ['kim']],
    ['user_metadata.full_name:"Kim Kay"', ['kim']],
    ['user_metadata.full_name:"kim kay"', []],
    ['user_metadata.display.size:13', ['kim']],
    ['user_metadata.cities:"Oslo"', ['kim']],
    ['app_metadata.accounts.number:2', ['kim']],
    ['_exists_:user_metadata.display.size', ['kim']],
    ['_exists_:user_metadata.none', []],
    ['_exists_:blocked', ['lou']],
    ['blocked:*', ['lou']],
    ['toString:*', []],
    ['password:*', []],
    ['identities.password:*', []],
    ['picture:*avatar*', ['kim', 'kim-g', 'lou']],
    ['nickname:kim', ['kim', 'kim-g']],
    ['multifactor:otp', ['lou']],
    // Wildcards.
    ['name:kim*', ['kim', 'kim-g']],
    ['name:k*y', ['kim']],
    ['email:*example.org', ['lou']],
    ['email:l?u@example.org', ['lou']],
    ['app_metadata.plan:Go*', ['kim']],
    ['app_metadata.plan:go*', []],
    ['user_metadata.full_name:Kim*', []],
    // Ranges.
    ['logins_count:[* TO 12}', ['kim-g']],
    ['logins_count:[12 TO *]', ['kim']],
    ['logins_count:{1 TO 12]', ['kim']],
    ['last_login:[* TO 2025-12-31]', ['kim']],
    ['last_login:[* TO 2025-12-31}', []],
    ['created_at:[2025-04-01 TO 2025-05-01]', ['kim-g', 'lou']],
    ['created_at:{2025-04-01 TO *}', ['lou']],
    ['created_at:["2025-04-01T09:00:00.000Z" TO 2025-04-01T09:00:00.000Z]', ['kim-g']],
    ['name:[l TO z]', ['lou']],
    ['user_metadata.display.size:[1 TO 20]', []],
    // Operators.
    ['email_verified:true AND name:"Kim Kay"', ['kim']],
    ['email_verified:true && NOT name:"Kim Kay"', ['kim-g']],
    ['name:Lou OR name:"Kim Kay"', ['kim', 'lou']],
    ['name:Lou || name:"Kim Kay"', ['kim', 'lou']],
    ['name:Lou name:"Kim Kay"', ['kim', 'lou']],
    ['name:("Lou" OR "Kim Kay")', ['kim', 'lou']],
    ['NOT blocked:true', ['kim', 'kim-g']],
    ['-blocked:true', ['kim', 'kim-g']],
    ['!blocked:true', ['kim', 'kim-g']],
    ['NOT _exists_:logins_count OR logins_count:1', ['kim-g', 'lou']],
    ['name:Lou OR email_verified:true AND logins_count:1', ['kim-g', 'lou']],
    ['(name:Lou OR email_verified:true) AND logins_count:1', ['kim-g']],
    ['email_verified:true +logins_count:1', ['kim-g']],
    ['name:Lou OR name:kim* -logins_count:1', ['kim', 'lou']],
    ['-logins_count:1 name:Lou OR name:kim*', ['kim', 'lou']],
    ['NOT (blocked:true OR logins_count:1)', ['kim']],
    // The query of Auth0's sample for account linking.
    ['email:"kim@example.com" AND email_verified:true -user_id:"auth0|kim"', ['kim-g']],
  ])('%s', async (q, found) => {
    const { status, body } = await list({ q, search_engine: 'v3' })
    expect(status).toBe(200)
    expect(namesOf(body)).toEqual(found)
  })

  it.each([
    'email:',
    'email:"kim',
    '(email:x',
    'email:x)',
    'AND email:x',
    'email:x AND',
    'email:x OR OR email:y',
    'email:a:b',
    'logins_count:[1 TO ]',
    'logins_count:[1 2]',
    'name:kim~',
    'name:kim^2',
    'name:*ab',
    'NOT',
    '()',
    '   ',
    '\\',
  ])('is refused if it is %j', async (q) => {
    expect((await list({ q })).body).toMatchObject({ statusCode: 400, errorCode: 'invalid_query_string' })
  })
})
