import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { aManagementApi, userPath } from '../support/management'

let tenant: Awaited<ReturnType<typeof aManagementApi>>
beforeAll(async () => {
  tenant = await aManagementApi()
})
beforeEach(() => tenant.state.reset())

const ANN = userPath('auth0|ann', 'identities')
const SCOPE = 'update:users'
const annGoogle = { provider: 'google-oauth2', user_id: 'ann-g' }

const link = (path: string, body: unknown, scope = SCOPE) => tenant.call('POST', path, { body, scope })

describe('POST /api/v2/users/{id}/identities', () => {
  it('answers 201 with the whole array, profileData on the first one too', async () => {
    const { status, body } = await link(ANN, annGoogle)
    expect(status).toBe(201)
    expect(body).toMatchObject([
      { provider: 'auth0', user_id: 'ann', isSocial: false, profileData: { email: 'ann@example.com' } },
      {
        provider: 'google-oauth2',
        user_id: 'ann-g',
        connection: 'google-oauth2',
        isSocial: true,
        profileData: { email: 'ann@example.com', email_verified: true, name: 'Ann Archer' },
      },
    ])
    expect(JSON.stringify(body)).not.toContain('correct horse')
  })

  it('keeps the root of the primary, discards the metadata of the secondary and removes its user', async () => {
    const before = structuredClone(tenant.state.users.get('auth0|ann'))
    await link(ANN, annGoogle)
    const { body } = await tenant.call('GET', userPath('auth0|ann'), { scope: 'read:users' })
    expect(body).toMatchObject({
      email: before?.email,
      user_metadata: before?.user_metadata,
      app_metadata: before?.app_metadata,
      created_at: before?.created_at,
    })
    expect(body.identities[0]).not.toHaveProperty('profileData')
    const gone = await tenant.call('GET', userPath('google-oauth2|ann-g'), { scope: 'read:users' })
    expect(gone.status).toBe(404)
    const found = await tenant.call('GET', '/api/v2/users-by-email?email=ann%40example.com', {
      scope: 'read:users',
    })
    expect(found.body).toHaveLength(1)
  })

  it('takes a prefixed id, a numeric one and a form body', async () => {
    expect((await link(ANN, { ...annGoogle, user_id: 'google-oauth2|ann-g' })).status).toBe(201)
    tenant.state.createUser({ user_id: 'github|77' })
    expect((await link(ANN, { provider: 'github', user_id: 77 })).status).toBe(201)
    const form = await tenant.call('POST', ANN, {
      scope: SCOPE,
      body: 'provider=google-oauth2&user_id=bea-g',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect(form.status).toBe(201)
  })

  it('links an id that holds several bars', async () => {
    const { status, body } = await link(userPath('auth0|gil', 'identities'), {
      provider: 'samlp',
      user_id: 'acme-saml|gil|grant@acme.example',
    })
    expect(status).toBe(201)
    expect(body[1].user_id).toBe('acme-saml|gil|grant@acme.example')
  })

  it.each([
    ['itself', { provider: 'auth0', user_id: 'ann' }, 400, 'Main identity and the new one are the same.'],
    [
      'an unknown account',
      { provider: 'github', user_id: 'nobody' },
      400,
      'Linking to an inexistent identity requires a connection.',
    ],
    [
      'a provider that is not configured',
      { provider: 'facebook', user_id: '1' },
      400,
      'The specified provider or connection is not configured for this tenant.',
    ],
    [
      'no provider Auth0 knows',
      { provider: 'myspace', user_id: '1' },
      400,
      "Payload validation error: 'No enum match for: myspace' on property provider.",
    ],
    [
      'an unknown key',
      { ...annGoogle, force: true },
      400,
      "Payload validation error: 'Additional properties not allowed: force'.",
    ],
    [
      'a missing id',
      { provider: 'github' },
      400,
      "Payload validation error: 'Missing required property' on property user_id.",
    ],
    ['nothing', {}, 400, "Payload validation error: 'Too few properties defined (0), minimum 1'."],
    ['no JSON', '{', 400, 'Invalid request payload JSON format'],
    [
      'link_with beside another key',
      { link_with: 'x', provider: 'github' },
      400,
      "Payload validation error: 'Additional properties not allowed: provider'.",
    ],
  ])('refuses %s', async (_what, body, statusCode, message) => {
    const answer = await link(ANN, body)
    expect(answer.status).toBe(statusCode)
    expect(answer.body).toMatchObject({ statusCode, error: 'Bad Request', message })
    expect(tenant.state.ledger.every(({ effect }) => effect === null)).toBe(true)
  })

  it('narrows an identity down by connection_id', async () => {
    const old = tenant.state.connections.find(({ name }) => name === 'legacy-db')
    const refused = await link(ANN, { provider: 'auth0', user_id: 'bea', connection_id: old?.id })
    expect(refused.body.message).toBe('Linking to an inexistent identity is not allowed.')
    const main = tenant.state.connections.find(({ name }) => name === 'Username-Password-Authentication')
    expect((await link(ANN, { provider: 'auth0', user_id: 'bea', connection_id: main?.id })).status).toBe(201)
  })

  it('answers 409 for an identity linked here or elsewhere', async () => {
    await link(ANN, annGoogle)
    const expected = { statusCode: 409, error: 'Conflict', message: 'Specified identity already exists.' }
    expect((await link(ANN, annGoogle)).body).toEqual(expected)
    expect((await link(userPath('auth0|bea', 'identities'), annGoogle)).body).toEqual(expected)
  })

  it('answers 404 for a primary that is not there', async () => {
    const { status, body } = await link(userPath('auth0|nobody', 'identities'), annGoogle)
    expect(status).toBe(404)
    expect(body.errorCode).toBe('inexistent_user')
  })

  it('lets a current_user scope act on its own user only, and with link_with only', async () => {
    const scope = 'update:current_user_identities'
    const other = await tenant.call('POST', ANN, { scope, claims: { sub: 'auth0|bea' }, body: annGoogle })
    expect(other.body).toEqual({
      statusCode: 403,
      error: 'Forbidden',
      message: 'User to be acted on does not match subject in bearer token.',
    })
    const own = await tenant.call('POST', ANN, { scope, claims: { sub: 'auth0|ann' }, body: annGoogle })
    expect(own.body).toMatchObject({ statusCode: 403, errorCode: 'insufficient_scope' })
  })

  describe.each([
    ['flatten', 201, 3],
    ['first_only', 201, 2],
    ['refuse', 400, 1],
  ] as const)('a secondary with identities of its own, option %s', (answer, status, count) => {
    it(`answers ${status} and leaves ${count} identities`, async () => {
      tenant.state.changeOptions({ answers: { secondary_with_identities: answer } })
      const google = userPath('google-oauth2|ann-g', 'identities')
      await link(google, { provider: 'github', user_id: 'bea-h' })
      expect((await link(ANN, annGoogle)).status).toBe(status)
      expect(tenant.state.users.get('auth0|ann')?.identities).toHaveLength(count)
    })
  })

  it.each([
    [{ link_conflict_status: 400 as const }, 400],
    [{ link_conflict_status: 409 as const }, 409],
  ])('plays the conflict status of %o', async (answers, status) => {
    tenant.state.changeOptions({ answers })
    await link(ANN, annGoogle)
    expect((await link(ANN, annGoogle)).status).toBe(status)
  })

  it('leaves a stub of the secondary where that option is played', async () => {
    tenant.state.changeOptions({ answers: { removed_secondary: 'stub' } })
    await link(ANN, annGoogle)
    const { status, body } = await tenant.call('GET', userPath('google-oauth2|ann-g'), {
      scope: 'read:users',
    })
    expect(status).toBe(200)
    expect(body).toEqual({ user_id: 'google-oauth2|ann-g', identities: [] })
  })

  it.each(['keep', 'end'] as const)(
    'lets sessions of the secondary %s where that option is played',
    async (answer) => {
      tenant.state.changeOptions({ answers: { secondary_sessions: answer } })
      tenant.state.sessions.set('s1', {
        id: 's1',
        user_id: 'google-oauth2|ann-g',
        identity: { ...annGoogle, connection: 'google-oauth2' },
        auth_time: 1,
        amr: [],
        created_at: '2026-01-01T00:00:00.000Z',
        client_ids: [],
      })
      await link(ANN, annGoogle)
      expect(tenant.state.sessions.has('s1')).toBe(answer === 'keep')
    },
  )
})
