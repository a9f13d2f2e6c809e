import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { MANAGEMENT_SCOPES } from '@/local-tenant/management/management-scopes'
import type { RunningTenant } from '@/local-tenant/start'
import { aSession } from '../support/tenant/session'
import { aTenant } from '../support/tenant/tenant'

interface Reply {
  id: number
  /** The result of the call. In version 7: `data`, `status` and `headers`. In `auth0/legacy`: the data alone. */
  result?: unknown
  error?: {
    name: string
    message: string
    statusCode?: number
    body?: unknown
    headers: Record<string, string>
  }
}

let tenant: RunningTenant
let sdk: ChildProcess
let calls = 0

beforeAll(async () => {
  tenant = await aTenant()
  sdk = fork(fileURLToPath(new URL('../fixtures/auth0-sdk.mjs', import.meta.url)), {
    env: { ...process.env, NODE_EXTRA_CA_CERTS: tenant.caFile },
  })
})
afterAll(() => {
  sdk.kill()
})
beforeEach(() => {
  tenant.state.reset()
  // Sessions end at once here. ended-access.server.test.ts tests the delay.
  tenant.state.changeOptions({ ending_delay_ms: 0 })
})

/** Calls a method of a management client that gets its own token. */
function callSdk(version: '7' | 'legacy', path: string, args: unknown[], over: object = {}): Promise<Reply> {
  const m2m = tenant.state.clients.get('linking-m2m')
  const domain = new URL(tenant.canonicalOrigin).host
  calls += 1
  const id = calls
  const options = { domain, clientId: m2m?.client_id, clientSecret: m2m?.client_secret, ...over }
  return new Promise((resolve) => {
    const onMessage = (reply: Reply) => {
      if (reply.id !== id) return
      sdk.off('message', onMessage)
      resolve(reply)
    }
    sdk.on('message', onMessage)
    sdk.send({ id, sdk: version, options, path, args })
  })
}

const refusal = (statusCode: number, over: object = {}) => ({
  error: { statusCode, ...over },
})

describe('ManagementClient of auth0 7', () => {
  const call = (path: string, ...args: unknown[]) => callSdk('7', path, args)

  it('starts an export, and reads the job until it has a link', async () => {
    const started = await call('jobs.usersExports.create', { format: 'json', fields: [{ name: 'email' }] })
    expect(started).toMatchObject({ result: { data: { type: 'users_export', status: 'pending' } } })
    const { id } = (started.result as { data: { id: string } }).data
    const read = async () => ((await call('jobs.get', id)).result as { data: { status: string } }).data
    let job = await read()
    while (job.status !== 'completed') job = await read()
    expect(job).toMatchObject({ id, percentage_done: 100, location: expect.stringContaining(`/${id}/`) })
  })

  it('reads and changes the rights of an account', async () => {
    const { state } = tenant
    state.changeOptions({ management_scopes: { 'linking-m2m': MANAGEMENT_SCOPES } })
    const org = state.brand.organizations[0]?.id ?? ''
    const [editor, billing] = state.roles
    const fresh = { headers: { 'x-correlation-id': 'rights' } }
    const held = async (path: string, ...args: unknown[]) => {
      const { result, error } = await callSdk('7', path, args, fresh)
      expect(error).toBeUndefined()
      return (result as { data: unknown }).data
    }
    const permission = {
      resource_server_identifier: 'http://localhost:3000/api',
      permission_name: 'read:sign_in_methods',
    }
    await held('users.roles.assign', 'auth0|ivo', { roles: [billing?.id] })
    await held('users.roles.delete', 'auth0|ivo', { roles: [editor?.id] })
    expect(await held('users.roles.list', 'auth0|ivo')).toEqual([billing])
    await held('users.permissions.create', 'auth0|ivo', { permissions: [permission] })
    expect(await held('users.permissions.list', 'auth0|ivo')).toMatchObject([permission])
    await held('users.permissions.delete', 'auth0|ivo', { permissions: [permission] })
    expect(await held('users.permissions.list', 'auth0|ivo')).toEqual([])
    await held('organizations.members.create', org, { members: ['auth0|ivo'] })
    await held('organizations.members.roles.assign', org, 'auth0|ivo', { roles: [editor?.id] })
    expect(await held('organizations.members.roles.list', org, 'auth0|ivo')).toEqual([editor])
    expect(await held('users.organizations.list', 'auth0|ivo')).toMatchObject([{ id: org }])
    await held('organizations.members.delete', org, { members: ['auth0|ivo'] })
    expect(await held('organizations.members.list', org)).toMatchObject([{ user_id: 'google-oauth2|jo-g' }])
    expect(await held('organizations.enabledConnections.list', org)).toHaveLength(6)
    expect(await held('users.authenticationMethods.list', 'auth0|kit')).toMatchObject([{ type: 'passkey' }])
    expect(await held('users.enrollments.get', 'auth0|fay')).toMatchObject([{ auth_method: 'authenticator' }])
    expect(await held('guardian.enrollments.createTicket', { user_id: 'auth0|kit' })).toMatchObject({
      ticket_url: expect.stringContaining('/u/enroll?ticket='),
    })
  })

  it('gets its token by client credentials and reads a user', async () => {
    const fresh = { headers: { 'x-correlation-id': 'token' } }
    const reply = await callSdk('7', 'users.get', ['auth0|ann'], fresh)
    expect(reply).toMatchObject({ result: { data: { user_id: 'auth0|ann', email: 'ann@example.com' } } })
    expect(tenant.state.ledger).toMatchObject([
      { path: '/oauth/token', status: 200, client_id: 'linking-m2m' },
      { path: '/api/v2/users/auth0%7Cann', status: 200, sub: 'linking-m2m@clients' },
    ])
  })

  it('finds users by email', async () => {
    const reply = await call('users.listUsersByEmail', { email: 'bea@example.com' })
    const ids = ['auth0|bea', 'google-oauth2|bea-g', 'github|bea-h']
    expect(reply).toMatchObject({ result: { data: ids.map((user_id) => ({ user_id })) } })
  })

  it('merges metadata, links, answers 409 for a repeat, and unlinks', async () => {
    const ann = 'auth0|ann'
    const google = { provider: 'google-oauth2', user_id: 'ann-g' }
    const patched = await call('users.update', ann, { user_metadata: { newsletter: true } })
    expect(patched).toMatchObject({
      result: { data: { user_metadata: { theme: 'dark', newsletter: true } } },
    })

    const linked = await call('users.identities.link', ann, google)
    expect(linked).toHaveProperty('result.status', 201)
    expect(linked).toHaveProperty('result.data.length', 2)

    const again = await call('users.identities.link', ann, google)
    expect(again).toMatchObject(refusal(409, { name: 'ConflictError' }))

    const unlinked = await call('users.identities.delete', ann, 'google-oauth2', 'ann-g')
    expect(unlinked).toHaveProperty('result.data.length', 1)
    expect(tenant.state.ledger.map(({ effect }) => effect).filter(Boolean)).toEqual([
      'patch',
      'link',
      'unlink',
    ])
  })

  it('links and unlinks an id with several bars', async () => {
    const gil = ['auth0|gil', { provider: 'samlp', user_id: 'acme-saml|gil|grant@acme.example' }] as const
    expect(await call('users.identities.link', ...gil)).toHaveProperty('result.data.length', 2)
    const { provider, user_id } = gil[1]
    const unlinked = await call('users.identities.delete', gil[0], provider, user_id)
    expect(unlinked).toHaveProperty('result.data.length', 1)
  })

  it('reads and ends a session, and ends all sessions and refresh tokens of a user', async () => {
    tenant.state.sessions.set('s1', aSession({ id: 's1', user_id: 'auth0|ann' }))
    expect(await call('sessions.get', 's1')).toMatchObject({
      result: { data: { user_id: 'auth0|ann', authentication: { methods: [] } } },
    })
    for (const [path, id] of [
      ['sessions.delete', 's1'],
      ['users.sessions.delete', 'auth0|ann'],
      ['users.refreshToken.delete', 'auth0|ann'],
    ] as const) {
      expect(await call(path, id)).toHaveProperty('result.status', 202)
    }
    expect(await call('sessions.get', 's1')).toMatchObject(refusal(404, { name: 'NotFoundError' }))
    expect(await call('users.sessions.delete', 'auth0|unknown')).toMatchObject(refusal(404))
  })

  it.each([
    ['a user that does not exist', 'users.get', ['auth0|unknown'], 404, 'NotFoundError'],
    [
      'a self-link',
      'users.identities.link',
      ['auth0|ann', { provider: 'auth0', user_id: 'ann' }],
      400,
      'BadRequestError',
    ],
    [
      'an unknown secondary',
      'users.identities.link',
      ['auth0|ann', { provider: 'github', user_id: 'x' }],
      400,
      'BadRequestError',
    ],
    [
      'a broken link_with',
      'users.identities.link',
      ['auth0|ann', { link_with: 'x' }],
      400,
      'BadRequestError',
    ],
    ['the main identity', 'users.identities.delete', ['auth0|ann', 'auth0', 'ann'], 400, 'BadRequestError'],
    ['a scope it lacks', 'users.create', [{ connection: 'email' }], 403, 'ForbiddenError'],
  ])('is refused %s', async (_what, path, args, statusCode, name) => {
    expect(await call(path, ...args)).toMatchObject(refusal(statusCode, { name }))
  })

  it('is refused a malformed token', async () => {
    const reply = await callSdk('7', 'users.get', ['auth0|ann'], {
      token: 'x',
      clientId: undefined,
      clientSecret: undefined,
    })
    expect(reply).toMatchObject(refusal(401, { name: 'UnauthorizedError' }))
  })

  it('sees 429 with the headers of the limit', async () => {
    await call('users.get', 'auth0|ann')
    tenant.state.changeOptions({ rate_limit: { burst: 1, per_second: 0.5 } })
    const first = await callSdk('7', 'users.get', ['auth0|ann'], { maxRetries: 0 })
    expect(first).toMatchObject({
      result: { headers: { 'x-ratelimit-limit': '1', 'x-ratelimit-remaining': '0' } },
    })
    const reply = await callSdk('7', 'users.get', ['auth0|ann'], { maxRetries: 0 })
    expect(reply).toMatchObject(refusal(429, { name: 'TooManyRequestsError' }))
    expect(reply.error?.headers).toMatchObject({
      'x-ratelimit-limit': '1',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': expect.stringMatching(/^\d{10}$/),
      'retry-after': '2',
    })
  })

  it('retries a link by itself, and then gets 409 because the first attempt succeeded', async () => {
    await call('users.get', 'auth0|ann')
    tenant.state.faults.push({
      rule: { match: { path: 'identities$' }, effect: { status: 503, drop: 'after' }, times: 1 },
      seen: 0,
      played: 0,
    })
    const reply = await call('users.identities.link', 'auth0|ann', {
      provider: 'google-oauth2',
      user_id: 'ann-g',
    })
    expect(reply).toMatchObject(refusal(409))
  })

  it.each(['before', 'after'] as const)(
    'sees a network error when the connection drops %s the change',
    async (drop) => {
      await call('users.get', 'auth0|ann')
      const effect = { drop }
      tenant.state.faults.push({ rule: { match: { path: 'identities$' }, effect }, seen: 0, played: 0 })
      const google = { provider: 'google-oauth2', user_id: 'ann-g' }
      const reply = await callSdk('7', 'users.identities.link', ['auth0|ann', google], { maxRetries: 0 })
      expect(reply.error).toBeDefined()
      expect(reply.error?.statusCode).toBeUndefined()
      expect(tenant.state.users.has('google-oauth2|ann-g')).toBe(drop === 'before')
    },
  )
})

describe('ManagementClient of auth0/legacy', () => {
  const call = (path: string, ...args: unknown[]) =>
    callSdk('legacy', path, args, { retry: { enabled: false } })

  it('finds, links and unlinks', async () => {
    const found = await call('usersByEmail.getByEmail', { email: 'ann@example.com' })
    expect(found).toHaveProperty('result.length', 2)
    const linked = await call(
      'users.link',
      { id: 'auth0|ann' },
      { provider: 'google-oauth2', user_id: 'google-oauth2|ann-g' },
    )
    expect(linked).toHaveProperty('result.length', 2)
    const user = await call('users.get', { id: 'auth0|ann' })
    expect(user).toHaveProperty('result.identities.1.profileData.email', 'ann@example.com')
    const unlinked = await call('users.unlink', {
      id: 'auth0|ann',
      provider: 'google-oauth2',
      user_id: 'ann-g',
    })
    expect(unlinked).toHaveProperty('result.length', 1)
  })

  it('gets the same errors as version 7', async () => {
    expect(await call('users.get', { id: 'auth0|unknown' })).toMatchObject(refusal(404))
    expect(await call('users.create', { connection: 'email' })).toMatchObject(refusal(403))
    tenant.state.changeOptions({ rate_limit: { burst: 1, per_second: 0.1 } })
    await call('users.get', { id: 'auth0|ann' })
    expect(await call('users.get', { id: 'auth0|ann' })).toMatchObject(refusal(429))
  })
})
