import { describe, expect, it } from 'vitest'
import { demoUsers } from '@/local-tenant/world/demo-users'
import { aManagementApi, userPath } from '../support/tenant/management-calls'

describe('the demo world', () => {
  it('contains the users that the tour needs', async () => {
    const { state } = await aManagementApi()
    const ids = [...state.users.keys()]
    expect(ids).toEqual(
      expect.arrayContaining([
        'auth0|ann',
        'google-oauth2|ann-g',
        'auth0|bea',
        'google-oauth2|bea-g',
        'github|bea-h',
        'auth0|cy',
        'google-oauth2|cy-g',
        'auth0|dee',
        'auth0|eve',
        'google-oauth2|eve-g',
        'auth0|fay',
        'google-oauth2|fay-g',
      ]),
    )
    expect(state.users.get('auth0|cy')?.email_verified).toBe(false)
    expect(state.users.get('google-oauth2|eve-g')?.email).toBe('Eve@Example.com')
    expect(state.users.get('auth0|fay')?.mfa).toBe(true)
    expect(state.users.get('auth0|dee')?.password).toBe('correct horse')
  })

  it('registers the URLs for every way of linking', async () => {
    const { state } = await aManagementApi()
    expect(state.clients.get('linking')).toMatchObject({
      callbacks: [
        'http://localhost:3000/link/callback',
        'http://localhost:3000/settings/connected-accounts/callback',
        'http://localhost:3000/auth/callback',
      ],
      allowed_logout_urls: [
        'http://localhost:3000/link/prompt',
        'http://localhost:3000',
        'http://localhost:3000/',
        'http://localhost:3000/settings/connected-accounts',
      ],
    })
    expect(state.clients.get('demo-spa')?.callbacks).toEqual([
      'http://localhost:3000/auth/callback',
      'http://localhost:3000/settings/connected-accounts/browser/callback',
    ])
  })

  it('has password accounts older than the others', () => {
    const created = (isPassword: boolean) =>
      demoUsers('http://localhost:3000')
        .filter(({ user_id }) => user_id.startsWith('auth0|') === isPassword)
        .map(({ created_at }) => created_at ?? '')
    const [oldest] = created(false).sort()
    expect(created(true).every((at) => at < (oldest ?? ''))).toBe(true)
  })
})

describe('a custom world', () => {
  it('replaces the demo users and keeps the demo connections', async () => {
    const { state } = await aManagementApi({
      users: [
        { user_id: 'samlp|acme-saml|x|y' },
        {
          user_id: 'auth0|zoe',
          email: 'zoe@example.com',
          identities: [
            { provider: 'auth0', user_id: 'zoe', connection: 'legacy-db' },
            { provider: 'github', user_id: 7, connection: 'github', profileData: { email: 'z@example.com' } },
          ],
        },
      ],
    })
    expect([...state.users.values()]).toMatchObject([
      {
        identities: [
          { provider: 'samlp', user_id: 'acme-saml|x|y', connection: 'acme-saml', isSocial: false },
        ],
      },
      { password: 'correct horse', identities: [{ isSocial: false }, { user_id: '7', isSocial: true }] },
    ])
    expect(state.connections).toHaveLength(6)
    expect(state.findUserByIdentity('github', '7')?.user_id).toBe('auth0|zoe')
  })

  it('has each identity once', async () => {
    const { state } = await aManagementApi({
      users: [
        {
          user_id: 'auth0|zoe',
          identities: [
            { provider: 'auth0', user_id: 'zoe', connection: 'legacy-db' },
            { provider: 'github', user_id: '7', connection: 'github' },
          ],
        },
      ],
    })
    for (const taken of ['auth0|zoe', 'github|7']) {
      expect(() => state.createUser({ user_id: taken })).toThrow(`identity ${taken} appears twice`)
    }
    const [one, other] = [7, 7].map((id) => ({ provider: 'github', user_id: id, connection: 'github' }))
    expect(() => state.createUser({ user_id: 'github|7', identities: [one, other] as never })).toThrow(
      'twice',
    )
    expect(state.users.size).toBe(1)
  })

  it('sets the options that it names', async () => {
    const { state } = await aManagementApi({ options: { answers: { encode_token_iss: 'login' } } })
    expect(state.options.answers).toMatchObject({ encode_token_iss: 'login', continue_cookie: true })
  })
})

describe('/_tenant/world', () => {
  it('exports a world that a reset can load again, including links', async () => {
    const tenant = await aManagementApi()
    await tenant.call('POST', userPath('auth0|ann', 'identities'), {
      scope: 'update:users',
      body: { provider: 'google-oauth2', user_id: 'ann-g' },
    })
    tenant.state.changeOptions({
      answers: { continue_cookie: false },
      rate_limit: { burst: 9, per_second: 1 },
    })
    tenant.state.sessions.set('s1', {
      id: 's1',
      user_id: 'auth0|ann',
      identity: { provider: 'auth0', user_id: 'ann', connection: 'Username-Password-Authentication' },
      auth_time: 1,
      amr: ['pwd'],
      created_at: '2026-01-01T00:00:00.000Z',
      client_ids: ['demo-app'],
    })
    const { body: exported } = await tenant.call('GET', '/_tenant/world')
    expect(exported.sessions).toMatchObject([{ id: 's1' }])
    exported.rules = [{ name: 'auth0-account-link-extension', enabled: false }]

    const other = await aManagementApi()
    expect((await other.call('POST', '/_tenant/reset', { body: exported })).status).toBe(200)
    const { body: again } = await other.call('GET', '/_tenant/world')
    expect(again).toEqual({ ...exported, sessions: [], rules: [expect.objectContaining(exported.rules[0])] })
  })

  it('keeps the profile of a linked identity, the purpose of a connection, and the grants', async () => {
    const identities = [
      { provider: 'auth0', user_id: 'zoe', connection: 'legacy-db' },
      { provider: 'github', user_id: '7', connection: 'github', profileData: { blocked: true, a: [1] } },
      { provider: 'github', user_id: '8', connection: 'github', profileData: { blocked: false } },
    ]
    const world = {
      users: [{ user_id: 'auth0|zoe', identities }],
      connections: [
        {
          name: 'github',
          strategy: 'github',
          authentication: { active: false },
          connected_accounts: { active: true },
        },
      ],
      options: { management_scopes: { linking: ['read:users'] } },
    }
    const tenant = await aManagementApi()
    expect((await tenant.call('POST', '/_tenant/reset', { body: world })).status).toBe(200)
    const { body } = await tenant.call('GET', '/_tenant/world')
    expect(body).toMatchObject({
      users: [{ identities }],
      connections: world.connections,
      options: world.options,
    })
    const shown = await tenant.call('GET', userPath('auth0|zoe'), { scope: 'read:users' })
    expect(shown.body.identities).toMatchObject(identities)
  })

  it('refuses a connection with a purpose that it cannot have', async () => {
    const tenant = await aManagementApi()
    const connection = { name: 'github', strategy: 'github', authentication: { active: 'no' } }
    const { status, body } = await tenant.call('POST', '/_tenant/reset', {
      body: { connections: [connection] },
    })
    expect(status).toBe(400)
    expect(body.message).toContain('authentication')
  })
})
