import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { aManagementApi } from '../support/tenant/management-calls'

let tenant: Awaited<ReturnType<typeof aManagementApi>>
beforeAll(async () => {
  tenant = await aManagementApi()
})
beforeEach(() => tenant.state.reset())

const SCOPES =
  'create:clients read:clients update:clients delete:clients read:client_keys ' +
  'create:client_grants read:client_grants update:client_grants delete:client_grants ' +
  'read:connections update:connections read:tenant_settings read:branding'
const AUDIENCE = 'https://localhost:4401/api/v2/'
const call = (method: string, path: string, body?: unknown, scope = SCOPES) =>
  tenant.call(method, `/api/v2${path}`, { scope, ...(body !== undefined && { body }) })

const aClient = async (over: object = {}) =>
  (await call('POST', '/clients', { name: 'New', app_type: 'regular_web', ...over })).body

describe('/api/v2/clients', () => {
  it('creates a client with a generated id and secret, and stores its settings', async () => {
    const { status, body } = await call('POST', '/clients', {
      name: 'New',
      app_type: 'regular_web',
      callbacks: ['https://app.example.com/callback'],
      client_metadata: { part: 'one' },
      jwt_configuration: { alg: 'RS256' },
    })
    expect(status).toBe(201)
    expect(body).toMatchObject({
      client_id: expect.stringMatching(/^\w{32}$/),
      client_secret: expect.stringMatching(/^[\w-]{64}$/),
      grant_types: ['authorization_code', 'implicit', 'refresh_token', 'client_credentials'],
      callbacks: ['https://app.example.com/callback'],
      jwt_configuration: { alg: 'RS256', lifetime_in_seconds: 36_000, secret_encoded: false },
    })
    expect((await call('GET', `/clients/${body.client_id}`)).body).toEqual(body)
    expect((await aClient({ token_endpoint_auth_method: 'none' })).client_secret).toBeUndefined()
  })

  it.each([
    ['non_interactive', ['authorization_code', 'implicit', 'refresh_token', 'client_credentials']],
    ['regular_web', ['authorization_code', 'implicit', 'refresh_token', 'client_credentials']],
    ['spa', ['authorization_code', 'implicit', 'refresh_token']],
    ['native', ['authorization_code', 'implicit', 'refresh_token']],
  ])('gives a client of type %s its default grants', async (type, grants) => {
    expect((await aClient({ app_type: type })).grant_types).toEqual(grants)
  })

  it('leaves out lists that were never set, and shows a list that was emptied', async () => {
    const LISTS = ['callbacks', 'allowed_logout_urls', 'web_origins', 'client_metadata']
    const created = await aClient()
    for (const name of LISTS) expect(created).not.toHaveProperty(name)
    const body = { callbacks: [], web_origins: ['https://one.example.com'], client_metadata: {} }
    const { client_id } = await aClient(body)
    const path = `/clients/${client_id}`
    expect((await call('GET', path)).body).toMatchObject(body)
    const emptied = (await call('PATCH', path, { web_origins: [] })).body
    expect(emptied).toMatchObject({ ...body, web_origins: [] })
    expect(emptied).not.toHaveProperty('allowed_logout_urls')
    expect((await call('GET', '/clients/linking-m2m')).body).not.toHaveProperty('callbacks')
  })

  it('stores settings that the tenant does not use, and removes those that are null', async () => {
    const kept = {
      organization_usage: 'allow',
      token_endpoint_auth_method: 'client_secret_post',
      addons: { samlp: { audience: 'x' } },
      session_transfer: { can_create_session_transfer_token: true },
      signed_request_object: { required: true },
      app_type: 'sso_integration',
      allowed_clients: ['linking'],
      par_request_expiry: 60,
    }
    const created = await aClient(kept)
    expect(created).toMatchObject(kept)
    const cleared = { organization_usage: null, token_endpoint_auth_method: null, session_transfer: null }
    const { body } = await call('PATCH', `/clients/${created.client_id}`, { ...cleared, addons: {} })
    for (const name of Object.keys(cleared)) expect(body).not.toHaveProperty(name)
    expect(body.addons).toEqual({})
    expect((await aClient({ token_endpoint_auth_method: null })).client_secret).toBeDefined()
  })

  it('accepts a new secret in a change, but an encoded one only at creation', async () => {
    const created = await aClient({ jwt_configuration: { secret_encoded: true } })
    expect(created.jwt_configuration).toMatchObject({ secret_encoded: true, lifetime_in_seconds: 36_000 })
    expect((await aClient()).jwt_configuration).not.toHaveProperty('alg')
    const { body } = await call('PATCH', `/clients/${created.client_id}`, { client_secret: 'another' })
    expect(body.client_secret).toBe('another')
    expect(tenant.state.ledger.at(-1)?.body).toEqual({ client_secret: '[masked]' })
  })

  it('words the error for an unknown client differently at its connections', async () => {
    expect((await call('GET', '/clients/gone')).body).toMatchObject({
      statusCode: 404,
      message: 'The client does not exist',
      errorCode: 'inexistent_client',
    })
    const scope = 'read:connections read:clients'
    expect((await call('GET', '/clients/gone/connections', undefined, scope)).body.message).toBe(
      'Client does not exist.',
    )
  })

  it('shows secrets with read:client_keys only', async () => {
    const { client_id } = await aClient()
    for (const path of [`/clients/${client_id}`, '/clients'])
      expect(JSON.stringify((await call('GET', path, undefined, 'read:clients')).body)).not.toContain(
        'client_secret',
      )
  })

  it('shows only id, name, type and description with read:client_summary, and the addresses with read:clients', async () => {
    const addresses = {
      callbacks: ['https://app.example.com/callback'],
      allowed_logout_urls: ['https://app.example.com/'],
      web_origins: ['https://app.example.com'],
      initiate_login_uri: 'https://app.example.com/login',
    }
    const { client_id } = await aClient({ ...addresses, description: 'One' })
    const path = `/clients/${client_id}`
    const summary = { client_id, name: 'New', app_type: 'regular_web', description: 'One' }
    expect((await call('GET', path, undefined, 'read:client_summary')).body).toEqual(summary)
    // The parameter `fields` cannot show more than the scope allows.
    const fields = '?fields=name,callbacks,is_first_party&include_fields=true'
    expect((await call('GET', path + fields, undefined, 'read:client_summary')).body).toEqual({ name: 'New' })
    const whole = await call('GET', path, undefined, 'read:client_summary read:clients')
    expect(whole.body).toMatchObject({ ...summary, ...addresses, is_first_party: true })
    expect((await call('GET', path + fields, undefined, 'read:clients')).body).toEqual({
      tenant: 'local',
      name: 'New',
      callbacks: addresses.callbacks,
      is_first_party: true,
    })
  })

  it('merges metadata, removing keys that are null, and replaces the rest', async () => {
    const { client_id } = await aClient({ callbacks: ['https://one'], client_metadata: { a: '1', b: '2' } })
    const change = { callbacks: ['https://two'], client_metadata: { a: null, c: '3' } }
    const { status, body } = await call('PATCH', `/clients/${client_id}`, change)
    expect(status).toBe(200)
    expect(body).toMatchObject({ callbacks: ['https://two'], client_metadata: { b: '2', c: '3' } })
    expect(body.client_metadata).not.toHaveProperty('a')
  })

  it('deletes a client with its grants and its place in connections', async () => {
    tenant.state.reset({
      connections: [{ name: 'github', strategy: 'github', clients: ['demo-other', 'linking-m2m'] }],
    })
    expect((await call('DELETE', '/clients/linking-m2m')).status).toBe(204)
    expect((await call('GET', '/clients/linking-m2m')).body.errorCode).toBe('inexistent_client')
    expect((await call('GET', '/client-grants?client_id=linking-m2m')).body).toEqual([])
    expect(tenant.state.connections[0]?.clients).toEqual(['demo-other'])
  })

  it('lists clients by page and by checkpoint', async () => {
    expect((await call('GET', '/clients')).body).toHaveLength(5)
    expect((await call('GET', '/clients?per_page=2&page=2&include_totals=true')).body).toMatchObject({
      start: 4,
      total: 5,
    })
    expect((await call('GET', '/clients?take=4&from=4&fields=name')).body).toEqual({
      clients: [{ tenant: 'local', name: 'Other Company' }],
    })
  })

  it.each([
    ['POST', '/clients', { name: 'New', colour: 'red' }, 'Additional properties not allowed: colour'],
    ['POST', '/clients', {}, 'Too few properties'],
    ['PATCH', '/clients/linking', { name: '<script>' }, 'on property name'],
    ['PATCH', '/clients/linking', { client_metadata: { a: 1 } }, 'on property client_metadata.a'],
    ['PATCH', '/clients/linking', { organization_usage: 'never' }, 'organization_usage'],
    ['PATCH', '/clients/linking', { is_first_party: null }, 'is_first_party'],
    ['PATCH', '/clients/linking', { par_request_expiry: 5 }, 'par_request_expiry'],
    ['POST', '/clients', { name: 'New', client_secret: 'x' }, 'client_secret'],
    ['PATCH', '/clients/linking', { jwt_configuration: { secret_encoded: true } }, 'secret_encoded'],
  ])('refuses %s %s with %o', async (method, path, body, message) => {
    const refused = await call(method, path, body)
    expect([refused.status, refused.body.errorCode]).toEqual([400, 'invalid_body'])
    expect(refused.body.message).toContain(message)
  })

  it.each([
    ['GET', '/clients', 'read:clients,read:client_keys,read:client_summary'],
    ['POST', '/clients', 'create:clients'],
    ['PATCH', '/clients/linking', 'update:clients'],
    ['DELETE', '/clients/linking', 'delete:clients'],
    ['GET', '/client-grants', 'read:client_grants'],
    ['POST', '/client-grants', 'create:client_grants'],
    ['PATCH', '/client-grants/cgr_linking', 'update:client_grants'],
    ['DELETE', '/client-grants/cgr_linking', 'delete:client_grants'],
    ['GET', '/connections/con_0/clients', 'read:connections'],
    ['PATCH', '/connections/con_0/clients', 'update:connections'],
    ['GET', '/tenants/settings', 'read:tenant_settings'],
    ['GET', '/branding', 'read:branding'],
  ])('requires for %s %s the scope %s', async (method, path, scope) => {
    const body = method === 'GET' || method === 'DELETE' ? undefined : { name: 'x' }
    const refused = await call(method, path, body, 'read:users')
    expect([refused.status, refused.body.message]).toEqual([
      403,
      `Insufficient scope, expected any of: ${scope}`,
    ])
  })
})

describe('/api/v2/client-grants', () => {
  it('decides the scopes of tokens: a change applies from the next token on', async () => {
    const { client_id, client_secret } = await aClient({ app_type: 'non_interactive' })
    const ask = async () => {
      const body = { grant_type: 'client_credentials', client_id, client_secret, audience: AUDIENCE }
      return (await tenant.call('POST', '/oauth/token', { body })).body
    }
    expect((await ask()).error_description).toContain('client-grant')
    const grant = { client_id, audience: AUDIENCE, scope: ['read:users'] }
    const created = await call('POST', '/client-grants', grant)
    expect([created.status, created.body]).toEqual([
      201,
      { ...grant, id: expect.stringMatching(/^cgr_/), subject_type: 'client' },
    ])
    expect((await ask()).scope).toBe('read:users')
    const path = `/client-grants/${created.body.id}`
    expect((await call('PATCH', path, { scope: ['read:users', 'update:users'] })).status).toBe(200)
    expect((await ask()).scope).toBe('read:users update:users')
    expect((await call('DELETE', path)).status).toBe(204)
    expect((await ask()).error).toBe('access_denied')
  })

  it('refuses a second grant for one API, an unknown API or client, and a grant that does not exist', async () => {
    const grant = { client_id: 'linking', audience: AUDIENCE, scope: [] }
    expect((await call('POST', '/client-grants', grant)).status).toBe(409)
    const elsewhere = { ...grant, audience: 'https://api.example.com' }
    expect((await call('POST', '/client-grants', elsewhere)).status).toBe(404)
    expect((await call('POST', '/client-grants', { ...grant, client_id: 'unknown' })).status).toBe(404)
    expect((await call('PATCH', '/client-grants/cgr_none', { scope: [] })).status).toBe(404)
    expect((await call('DELETE', '/client-grants/cgr_none')).status).toBe(204)
  })

  it('gives a client no scopes of a grant for users, and every scope of a grant that allows all', async () => {
    const { client_id, client_secret } = await aClient({ app_type: 'non_interactive' })
    const ask = async () => {
      const body = { grant_type: 'client_credentials', client_id, client_secret, audience: AUDIENCE }
      return (await tenant.call('POST', '/oauth/token', { body })).body
    }
    const grant = { client_id, audience: AUDIENCE }
    await call('POST', '/client-grants', { ...grant, scope: ['read:users'], subject_type: 'user' })
    expect((await ask()).error).toBe('access_denied')
    const { body } = await call('POST', '/client-grants', { ...grant, allow_all_scopes: true })
    expect(body).not.toHaveProperty('scope')
    const granted = (await ask()).scope.split(' ')
    expect(granted).toEqual(expect.arrayContaining(['read:users', 'delete:clients', 'read:client_summary']))
  })
})

describe('/api/v2/connections/{id}/clients', () => {
  const first = () => `/connections/${tenant.state.connections[0]?.id}/clients`

  it('lists every client if the world names none', async () => {
    expect((await call('GET', first())).body.clients).toHaveLength(5)
  })

  it('enables a connection for one client and disables it for another', async () => {
    tenant.state.reset({ connections: [{ name: 'github', strategy: 'github', clients: ['demo-other'] }] })
    const change = [
      { client_id: 'linking', status: true },
      { client_id: 'demo-other', status: false },
    ]
    expect((await call('PATCH', first(), change)).status).toBe(204)
    expect((await call('GET', first())).body).toEqual({ clients: [{ client_id: 'linking' }] })
    expect((await call('PATCH', first(), [{ client_id: 'unknown', status: true }])).status).toBe(404)
    expect((await call('PATCH', first(), { client_id: 'linking', status: true })).status).toBe(400)
    expect((await call('GET', '/connections/con_none/clients')).status).toBe(404)
  })
})
