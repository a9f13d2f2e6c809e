import { createHash } from 'node:crypto'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { changeOptions } from '@/local-tenant/world/options'
import { aManagementApi, userPath } from '../support/tenant/management-calls'

let tenant: Awaited<ReturnType<typeof aManagementApi>>
beforeAll(async () => {
  tenant = await aManagementApi()
})
beforeEach(() => tenant.state.reset())

const ANN = userPath('auth0|ann')
const GOOGLE = userPath('google-oauth2|ann-g')

describe('GET /api/v2/users/{id}', () => {
  const read = (path: string) => tenant.call('GET', path, { scope: 'read:users' })

  it('shows the attributes that are set and no others', async () => {
    const { status, body } = await read(ANN)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      user_id: 'auth0|ann',
      email_verified: true,
      logins_count: 41,
      identities: [
        {
          provider: 'auth0',
          user_id: 'ann',
          connection: 'Username-Password-Authentication',
          isSocial: false,
        },
      ],
    })
    for (const absent of ['password', 'blocked', 'phone_number', 'multifactor', 'mfa']) {
      expect(body).not.toHaveProperty(absent)
    }
    expect((await read(userPath('google-oauth2|cy-g'))).body).not.toHaveProperty('user_metadata')
    expect((await read(userPath('auth0|fay'))).body.multifactor).toEqual(['otp'])
  })

  it('includes or excludes fields', async () => {
    const picked = await read(`${ANN}?fields=user_id,email&include_fields=true`)
    expect(picked.body).toEqual({ user_id: 'auth0|ann', email: 'ann@example.com' })
    const left = await read(`${ANN}?fields=identities&include_fields=false`)
    expect(left.body).not.toHaveProperty('identities')
    expect(left.body).toHaveProperty('email')
  })

  it('answers 404 for an unknown user', async () => {
    expect((await read(userPath('auth0|unknown'))).body).toEqual({
      statusCode: 404,
      error: 'Not Found',
      message: 'The user does not exist.',
      errorCode: 'inexistent_user',
    })
  })

  it('refuses an id without a bar and an unknown parameter', async () => {
    expect((await read(userPath('ann'))).body).toMatchObject({ statusCode: 400, errorCode: 'invalid_uri' })
    expect((await read(`${ANN}?q=x`)).body).toMatchObject({
      statusCode: 400,
      errorCode: 'invalid_query_string',
    })
  })

  it('with read:current_user, shows only the calling user', async () => {
    const options = { scope: 'read:current_user', claims: { sub: 'auth0|ann' } }
    expect((await tenant.call('GET', ANN, options)).status).toBe(200)
    expect((await tenant.call('GET', userPath('auth0|bea'), options)).status).toBe(403)
  })
})

describe('GET /api/v2/users-by-email', () => {
  const find = (query: string) =>
    tenant.call('GET', `/api/v2/users-by-email?${query}`, { scope: 'read:users' })

  it('matches only the exact case', async () => {
    expect((await find('email=eve%40example.com')).body).toMatchObject([{ user_id: 'auth0|eve' }])
    expect((await find('email=Eve%40Example.com')).body).toMatchObject([{ user_id: 'google-oauth2|eve-g' }])
    expect((await find('email=EVE%40example.com')).body).toEqual([])
  })

  it('finds linked addresses and limits the list if the options say so', async () => {
    await tenant.call('POST', `${ANN}/identities`, {
      scope: 'update:users',
      body: { provider: 'google-oauth2', user_id: 'eve-g' },
    })
    expect((await find('email=Eve%40Example.com')).body).toEqual([])
    tenant.state.changeOptions({ answers: { email_matches_linked: true, users_by_email_limit: 2 } })
    expect((await find('email=Eve%40Example.com')).body).toMatchObject([{ user_id: 'auth0|ann' }])
    expect((await find('email=bea%40example.com')).body).toHaveLength(2)
  })

  it.each(['', 'email=', 'email=ann', 'email=ann%40example.com&page=1'])('refuses "%s"', async (query) => {
    expect((await find(query)).body).toMatchObject({ statusCode: 400, errorCode: 'invalid_query_string' })
  })
})

describe('PATCH /api/v2/users/{id}', () => {
  const patch = (body: unknown, scope = 'update:users') => tenant.call('PATCH', ANN, { scope, body })
  const patchOf = (user: string, body: unknown) => tenant.call('PATCH', user, { scope: 'update:users', body })

  it('merges metadata at the first level only, removes keys that are null, and clears it by an empty object', async () => {
    await patch({ app_metadata: { nested: { a: 1, b: 2 } } })
    const merged = await patch({
      user_metadata: { theme: null, city: 'Oslo' },
      app_metadata: { nested: { c: 3 } },
    })
    expect(merged.status).toBe(200)
    expect(merged.body.user_metadata).toEqual({ language: 'en', city: 'Oslo' })
    expect(merged.body.app_metadata).toEqual({ plan: 'team', customer_number: 'C-1001', nested: { c: 3 } })
    const cleared = await patch({ user_metadata: {} })
    expect(cleared.body.user_metadata).toEqual({})
    expect(cleared.body).toHaveProperty('app_metadata')
    const both = await patch({ app_metadata: {} })
    expect(both.body.user_metadata).toEqual({})
    expect(both.body).not.toHaveProperty('app_metadata')
    expect((await patch({ user_metadata: { a: 1 } })).body.user_metadata).toEqual({ a: 1 })
    expect((await patch({ user_metadata: { a: null } })).body.user_metadata).toEqual({})
  })

  it('replaces root attributes', async () => {
    const { body } = await patch({ name: 'Ann B', nickname: 'Annie', blocked: true })
    expect(body).toMatchObject({ name: 'Ann B', nickname: 'Annie', blocked: true })
    expect(body.updated_at).not.toBe(body.created_at)
  })

  it('sets and unsets attributes that the provider does not overwrite at each login', async () => {
    const google = tenant.state.connections.find(({ name }) => name === 'google-oauth2')
    if (google) google.options = { set_user_root_attributes: 'on_first_login' }
    expect((await patchOf(GOOGLE, { given_name: 'A' })).body.given_name).toBe('A')
    expect((await patchOf(GOOGLE, { given_name: null })).body).not.toHaveProperty('given_name')
  })

  it('computes a nickname, a name and a picture that are not set', async () => {
    const { body } = await tenant.call('POST', '/api/v2/users', {
      scope: 'create:users',
      body: { connection: 'Username-Password-Authentication', email: 'ivy@example.com', password: 'x' },
    })
    expect(body).toMatchObject({ name: 'ivy@example.com', nickname: 'ivy' })
    const picture = new URL(body.picture)
    expect(picture.origin + picture.pathname).toBe(
      `https://s.gravatar.com/avatar/${createHash('md5').update('ivy@example.com').digest('hex')}`,
    )
    expect(picture.searchParams.get('d')).toBe('https://cdn.auth0.com/avatars/iv.png')
  })

  it.each<[object, string, string]>([
    [{ email: 'new@example.com', password: 'x' }, ANN, 'Cannot update password and email simultaneously.'],
    [
      { email_verified: true, password: 'x' },
      ANN,
      'Cannot update password and email_verified simultaneously.',
    ],
    [{ username: 'ann', email: 'a@example.com' }, ANN, 'Cannot update username and email simultaneously.'],
    [{ username: 'ann', password: 'x' }, ANN, 'Cannot update username and password simultaneously.'],
    [{ username: 'ann' }, ANN, 'Cannot set username for connection without requires_username.'],
    [{ email: 'bea@example.com' }, ANN, 'The specified new email already exists'],
    [{ name: null }, ANN, 'The following user attributes cannot be removed: name.'],
    [{ email: 'new@example.com' }, GOOGLE, 'Cannot update email for non-database user.'],
    [{ password: 'x' }, GOOGLE, 'Connection is not supported for this operation.'],
    [
      { name: 'A', picture: 'https://x.example/a.png' },
      GOOGLE,
      'The following user attributes cannot be updated: name, picture.',
    ],
  ])('refuses %j for %s', async (change, user, message) => {
    const before = structuredClone([...tenant.state.users.values()])
    const { status, body } = await patchOf(user, change)
    expect([status, body.message.slice(0, message.length)]).toEqual([400, message])
    expect([...tenant.state.users.values()]).toEqual(before)
  })

  it('refuses to set email_verified of an enterprise user', async () => {
    tenant.state.createUser({
      user_id: 'samlp|acme|1',
      email: 'a@acme.example',
      identities: [{ provider: 'samlp', user_id: 'acme|1', connection: 'acme' }],
    })
    const { body } = await patchOf(userPath('samlp|acme|1'), { email_verified: true })
    expect(body.message).toBe('Email verification is not supported for enterprise users.')
  })

  it('stores the date of a new password', async () => {
    const { body } = await patch({ password: 'a new one' })
    expect(body.last_password_reset).toBe(body.updated_at)
  })

  it('changes a linked identity that the connection names', async () => {
    await tenant.call('POST', `${ANN}/identities`, {
      scope: 'update:users',
      body: { provider: 'google-oauth2', user_id: 'ann-g' },
    })
    const { body } = await patch({ email_verified: false, connection: 'google-oauth2' })
    expect(body.email_verified).toBe(true)
    expect(body.identities[1].profileData.email_verified).toBe(false)
    expect((await patch({ email_verified: false, connection: 'github' })).status).toBe(400)
  })

  it.each([
    ['an unknown key', { identities: [] }],
    ['a wrong type', { user_metadata: 'dark' }],
    ['a key with a dot', { app_metadata: { 'https://example.com/a': 1 } }],
    ['a key with a dollar, nested', { user_metadata: { a: [{ $b: 1 }] } }],
    ['nothing', {}],
    ['a list', []],
  ])('refuses %s', async (_what, body) => {
    const before = structuredClone(tenant.state.users.get('auth0|ann'))
    expect((await patch(body)).body).toMatchObject({ statusCode: 400, errorCode: 'invalid_body' })
    expect(tenant.state.users.get('auth0|ann')).toEqual(before)
  })

  it('refuses a body above 1 MB', async () => {
    expect((await patch({ name: 'x'.repeat(1_048_577) })).status).toBe(413)
  })

  it('limits metadata scopes to their kind of metadata', async () => {
    expect((await patch({ app_metadata: { a: 1 } }, 'update:users_app_metadata')).status).toBe(200)
    expect((await patch({ name: 'x' }, 'update:users_app_metadata')).status).toBe(403)
    const own = { scope: 'update:current_user_metadata', claims: { sub: 'auth0|ann' } }
    expect((await tenant.call('PATCH', ANN, { ...own, body: { user_metadata: { a: 1 } } })).status).toBe(200)
    expect((await tenant.call('PATCH', ANN, { ...own, body: { app_metadata: { a: 1 } } })).status).toBe(403)
  })
})

describe('POST and DELETE /api/v2/users', () => {
  const create = (body: unknown) => tenant.call('POST', '/api/v2/users', { scope: 'create:users', body })
  const connection = 'Username-Password-Authentication'

  it('creates a database user with a lower-case address', async () => {
    const { status, body } = await create({ connection, email: 'Ivy@Example.com', password: 'long enough' })
    expect(status).toBe(201)
    expect(body.user_id).toMatch(/^auth0\|[0-9a-f]{24}$/)
    expect(body.email).toBe('ivy@example.com')
    expect(tenant.state.ledger.at(-1)).toMatchObject({ effect: 'create', body: { password: '[masked]' } })
  })

  it.each([
    ['a taken address', { connection, email: 'ann@example.com', password: 'x' }, 409, 'auth0_idp_error'],
    ['an unknown connection', { connection: 'x', email: 'i@example.com' }, 400, 'inexistent_connection'],
    ['no password', { connection, email: 'i@example.com' }, 400, 'invalid_body'],
    ['no address', { connection, password: 'x' }, 400, 'invalid_body'],
    [
      'a username for a connection without usernames',
      { connection, email: 'i@example.com', password: 'x', username: 'i' },
      400,
      'operation_not_supported',
    ],
    [
      'a social connection',
      { connection: 'google-oauth2', email: 'i@example.com' },
      400,
      'operation_not_supported',
    ],
  ])('refuses %s', async (_what, body, statusCode, errorCode) => {
    expect((await create(body)).body).toMatchObject({ statusCode, errorCode })
  })

  it('answers 204 to a deletion, even of an unknown user', async () => {
    for (const effect of ['delete', null]) {
      expect((await tenant.call('DELETE', ANN, { scope: 'delete:users' })).status).toBe(204)
      expect(tenant.state.ledger.at(-1)?.effect).toBe(effect)
    }
  })
})

describe('a tenant with several custom domains', () => {
  it('refuses to change a user only if the header that names a domain is missing', async () => {
    tenant.state.options = changeOptions(tenant.state.options, { custom_domain_conflict: true })
    const patch = (headers?: Record<string, string>) =>
      tenant.call('PATCH', ANN, {
        scope: 'update:users',
        body: { nickname: 'Annie' },
        ...(headers && { headers }),
      })
    const refused = await patch()
    expect(refused.status).toBe(409)
    expect(refused.body.errorCode).toBe('custom_domain_conflict')
    expect(tenant.state.users.get('auth0|ann')?.nickname).not.toBe('Annie')
    expect((await patch({ 'auth0-custom-domain': 'login.example.com' })).status).toBe(200)
  })
})
