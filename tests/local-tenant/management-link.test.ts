import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createSigner } from '@/local-tenant/tokens'
import { aManagementApi, userPath } from '../support/tenant/management-calls'
import { aSession } from '../support/tenant/session'

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
  it('answers 201 with all identities, with profileData on the first one too', async () => {
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

  it('keeps the root attributes of the primary, discards the metadata of the secondary, and removes its user', async () => {
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

  it('accepts a prefixed id, a numeric id, and a form body', async () => {
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

  it('links an id that contains several bars', async () => {
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
      { provider: 'github', user_id: 'unknown' },
      400,
      'Linking to an inexistent identity requires a connection.',
    ],
    [
      'a provider that is not configured',
      { provider: 'facebook', user_id: '1' },
      400,
      'The provider/connection is not configured.',
    ],
    [
      'a connection that is not configured',
      { ...annGoogle, connection_id: 'con_0000000000000000' },
      400,
      'The provider/connection is not configured.',
    ],
    [
      'a malformed connection id',
      { ...annGoogle, connection_id: 'con_1' },
      400,
      "Payload validation error: 'Object didn't pass validation for format connection-id: con_1' on property connection_id (connection_id of the secondary user account being linked when more than one `auth0` database provider exists).",
    ],
    [
      'a provider that Auth0 does not know',
      { provider: 'myspace', user_id: '1' },
      400,
      "Payload validation error: 'No enum match for: myspace' on property provider (The type of identity provider).",
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
      "Payload validation error: 'Missing required property: user_id'.",
    ],
    ['nothing', {}, 400, "Payload validation error: 'Too few properties defined (0), minimum 1'."],
    ['a body that is not JSON', '{', 400, 'Invalid request payload JSON format'],
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

  it('requires that an identity belongs to connection_id', async () => {
    const old = tenant.state.connections.find(({ name }) => name === 'legacy-db')
    const refused = await link(ANN, { provider: 'auth0', user_id: 'bea', connection_id: old?.id })
    expect(refused.body.message).toBe('Linking to an inexistent identity is not allowed.')
    const main = tenant.state.connections.find(({ name }) => name === 'Username-Password-Authentication')
    expect((await link(ANN, { provider: 'auth0', user_id: 'bea', connection_id: main?.id })).status).toBe(201)
  })

  it('answers 409 for an identity that is linked to this or another user', async () => {
    await link(ANN, annGoogle)
    const expected = { statusCode: 409, error: 'Conflict', message: 'Specified identity already exists.' }
    expect((await link(ANN, annGoogle)).body).toEqual(expected)
    expect((await link(userPath('auth0|bea', 'identities'), annGoogle)).body).toEqual(expected)
  })

  it('refuses a path without a user id', async () => {
    const { body } = await link(userPath('ann', 'identities'), annGoogle)
    expect(body).toEqual({
      statusCode: 400,
      error: 'Bad Request',
      message:
        "Path validation error: 'Object didn't pass validation for format user-id: ann' on property id.",
      errorCode: 'invalid_uri',
    })
  })

  it('refuses a caller without a token, with a bad one, and without a scope for it', async () => {
    const call = (options: Parameters<typeof tenant.call>[2]) =>
      tenant.call('POST', ANN, { body: annGoogle, ...options })
    expect((await call({})).body).toMatchObject({ statusCode: 401, message: 'Missing authentication' })
    const bad = await call({ headers: { authorization: 'Bearer x' } })
    expect(bad.body).toMatchObject({ statusCode: 401, message: 'Invalid token' })
    const other = (await createSigner()).sign({ aud: 'https://localhost:4401/api/v2/', scope: SCOPE })
    const signed = await call({ headers: { authorization: `Bearer ${await other}` } })
    expect(signed.body).toMatchObject({
      statusCode: 401,
      message: 'Invalid signature received for JSON Web Token validation',
    })
    expect((await call({ scope: 'read:users' })).body).toEqual({
      statusCode: 403,
      error: 'Forbidden',
      message: 'Insufficient scope, expected any of: update:users,update:current_user_identities',
      errorCode: 'insufficient_scope',
    })
  })

  it('answers 429 if the limit is reached', async () => {
    tenant.state.changeOptions({ rate_limit: { burst: 1, per_second: 0.1 } })
    await link(ANN, annGoogle)
    expect((await link(ANN, annGoogle)).body).toMatchObject({
      statusCode: 429,
      errorCode: 'too_many_requests',
    })
  })

  it('answers 404 if the primary does not exist', async () => {
    const { status, body } = await link(userPath('auth0|unknown', 'identities'), annGoogle)
    expect(status).toBe(404)
    expect(body.errorCode).toBe('inexistent_user')
  })

  it('allows a current_user scope only for its own user, and only with link_with', async () => {
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
  ] as const)('a secondary with linked identities, option %s', (answer, status, count) => {
    it(`answers ${status} and leaves ${count} identities`, async () => {
      tenant.state.changeOptions({ answers: { secondary_with_identities: answer } })
      const google = userPath('google-oauth2|ann-g', 'identities')
      await link(google, { provider: 'github', user_id: 'bea-h' })
      const linked = await link(ANN, annGoogle)
      expect(linked.status).toBe(status)
      if (status === 400) expect(linked.body.message).toBe('Unable to link with the secondary account.')
      expect(tenant.state.users.get('auth0|ann')?.identities).toHaveLength(count)
    })
  })

  it.each([
    [{ link_conflict_status: 400 as const }, 400],
    [{ link_conflict_status: 409 as const }, 409],
  ])('uses the conflict status of %o', async (answers, status) => {
    tenant.state.changeOptions({ answers })
    await link(ANN, annGoogle)
    expect((await link(ANN, annGoogle)).status).toBe(status)
  })

  it('leaves a stub of the secondary if the option says so', async () => {
    tenant.state.changeOptions({ answers: { removed_secondary: 'stub' } })
    await link(ANN, annGoogle)
    const { status, body } = await tenant.call('GET', userPath('google-oauth2|ann-g'), {
      scope: 'read:users',
    })
    expect(status).toBe(200)
    expect(body).toEqual({ user_id: 'google-oauth2|ann-g', identities: [] })
  })

  it.each(['keep', 'end'] as const)(
    'lets sessions of the secondary %s if the option says so',
    async (answer) => {
      tenant.state.changeOptions({ answers: { secondary_sessions: answer } })
      tenant.state.sessions.set('s1', aSession({ id: 's1', user_id: 'google-oauth2|ann-g' }))
      await link(ANN, annGoogle)
      expect(tenant.state.sessions.has('s1')).toBe(answer === 'keep')
    },
  )
})
