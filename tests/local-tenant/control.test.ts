import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { aManagementApi, userPath } from '../support/tenant/management-calls'

let tenant: Awaited<ReturnType<typeof aManagementApi>>
beforeAll(async () => {
  tenant = await aManagementApi()
})
beforeEach(() => tenant.state.reset())

const scope = 'read:users update:users'
const linkAnn = () =>
  tenant.call('POST', userPath('auth0|ann', 'identities'), {
    scope,
    body: { provider: 'google-oauth2', user_id: 'ann-g' },
  })

describe('/_tenant/reset', () => {
  it('resets everything and calls the reset hooks', async () => {
    let told = 0
    tenant.state.onReset(() => {
      told += 1
    })
    await linkAnn()
    await tenant.call('POST', '/_tenant/clock', { body: { offset_seconds: 60 } })
    await tenant.call('POST', '/_tenant/faults', { body: [{ match: {}, effect: { status: 500 } }] })
    const { status } = await tenant.call('POST', '/_tenant/reset')
    expect(status).toBe(200)
    expect(told).toBe(1)
    expect(tenant.state).toMatchObject({ clockOffset: 0, faults: [], ledger: [] })
    expect(tenant.state.users.has('google-oauth2|ann-g')).toBe(true)
  })

  it('keeps the secrets of clients', async () => {
    const secret = tenant.state.clients.get('demo-app')?.client_secret
    await tenant.call('POST', '/_tenant/reset')
    expect(tenant.state.clients.get('demo-app')?.client_secret).toBe(secret)
    expect(secret).toHaveLength(43)
  })

  it('redirects a form to the inspector', async () => {
    const answer = await tenant.call('POST', '/_tenant/reset', {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    expect(answer.status).toBe(303)
    expect(answer.headers.get('location')).toBe('/_tenant/')
  })

  it.each([
    ['a body that is not JSON', '{', 'JSON'],
    ['an unknown key', { people: [] }, 'people'],
    ['an unknown answer', { options: { answers: { nonsense: true } } }, 'nonsense'],
    ['a user id without a bar', { users: [{ user_id: 'ann' }] }, 'provider|id'],
    [
      'a first identity of another user',
      { users: [{ user_id: 'auth0|a', identities: [{ provider: 'auth0', user_id: 'b', connection: 'x' }] }] },
      'auth0|a',
    ],
    [
      'an identity that appears twice',
      { users: [{ user_id: 'auth0|a' }, { user_id: 'auth0|a' }] },
      'auth0|a',
    ],
  ])('refuses %s, names the problem and changes nothing', async (_what, body, named) => {
    const { status, body: answer } = await tenant.call('POST', '/_tenant/reset', { body })
    expect(status).toBe(400)
    expect(answer).toEqual({ error: 'bad_request', message: expect.stringContaining(named) })
    expect(tenant.state.users.size).toBeGreaterThan(10)
  })
})

describe('/_tenant/ledger', () => {
  it('lists calls in order, from a given number, with client, subject and effect', async () => {
    await tenant.call('GET', '/api/v2/users-by-email?email=ann%40example.com', { scope })
    await linkAnn()
    const { body } = await tenant.call('GET', '/_tenant/ledger')
    expect(body).toMatchObject([
      {
        n: 1,
        method: 'GET',
        path: '/api/v2/users-by-email',
        query: { email: 'ann@example.com' },
        effect: null,
      },
      {
        n: 2,
        method: 'POST',
        path: '/api/v2/users/auth0%7Cann/identities',
        body: { provider: 'google-oauth2', user_id: 'ann-g' },
        status: 201,
        client_id: 'linking-m2m',
        sub: 'linking-m2m@clients',
        effect: 'link',
      },
    ])
    expect((await tenant.call('GET', '/_tenant/ledger?since=1')).body).toMatchObject([{ n: 2 }])
    expect((await tenant.call('GET', '/_tenant/ledger?since=x')).status).toBe(400)
  })

  it('masks every secret', async () => {
    const client_secret = tenant.state.clients.get('linking-m2m')?.client_secret
    await tenant.call('POST', '/oauth/token', {
      body: { client_id: 'linking-m2m', client_secret, refresh_token: 'canary' },
    })
    await tenant.call('GET', '/continue?state=s&session_token=canary')
    await tenant.call('PATCH', userPath('auth0|ann'), { scope, body: { password: 'canary' } })
    await tenant.call('POST', '/login', { body: 'canary' })
    const { body } = await tenant.call('GET', '/_tenant/ledger')
    expect(body).toMatchObject([
      { client_id: 'linking-m2m', body: { client_secret: '[masked]' } },
      { query: { state: 's', session_token: '[masked]' } },
      { effect: 'patch' },
      { body: '[masked]' },
    ])
    expect(JSON.stringify(body)).not.toContain('canary')
    expect(JSON.stringify(body)).not.toContain(client_secret)
  })
})

describe('/_tenant/options', () => {
  it('sets the named options and keeps the others', async () => {
    await tenant.call('POST', '/_tenant/options', { body: { answers: { removed_secondary: 'stub' } } })
    const { body } = await tenant.call('POST', '/_tenant/options', {
      body: { answers: { continue_twice: 'repeat' }, id_token: { nonce: 'wrong' } },
    })
    expect(body).toMatchObject({
      answers: { removed_secondary: 'stub', continue_twice: 'repeat', validate_token_sub: true },
      id_token: { nonce: 'wrong' },
      rate_limit: null,
    })
  })

  it.each([
    [{ answers: { validate_token_su: true } }, 'validate_token_su'],
    [{ answers: { continue_twice: 'never' } }, 'continue_twice'],
    [{ rate_limit: { burst: 0, per_second: 1 } }, 'burst'],
    [undefined, 'expected object'],
  ])('refuses %o', async (body, named) => {
    const { status, body: answer } = await tenant.call('POST', '/_tenant/options', { body })
    expect(status).toBe(400)
    expect(answer.message).toContain(named)
  })
})

describe('the rest of the control API', () => {
  it('moves the clock', async () => {
    const { body } = await tenant.call('POST', '/_tenant/clock', { body: { offset_seconds: 3600 } })
    expect(body.offset_seconds).toBe(3600)
    expect(tenant.state.now() - Date.now()).toBeGreaterThan(3_599_000)
    expect((await tenant.call('POST', '/_tenant/clock', { body: {} })).body.message).toContain(
      'offset_seconds',
    )
  })

  it('lists one-time codes by address, and suspended logins', async () => {
    const at = new Date().toISOString()
    tenant.state.sentCodes.push(
      { email: 'hal@example.com', code: '123456', at },
      { email: 'x@example.com', code: '1', at },
    )
    const { body } = await tenant.call('GET', '/_tenant/codes?email=hal%40example.com')
    expect(body).toEqual([{ email: 'hal@example.com', code: '123456', at }])
    expect((await tenant.call('GET', '/_tenant/transactions')).body).toEqual([])
  })

  it('answers JSON for an unknown path, and does not appear in the ledger', async () => {
    const { status, body } = await tenant.call('GET', '/_tenant/nothing')
    expect(status).toBe(404)
    expect(body.error).toBe('not_found')
    expect(tenant.state.ledger).toEqual([])
  })

  it('refuses callers from outside loopback', async () => {
    const elsewhere = { incoming: { socket: { remoteAddress: '192.0.2.7' } } }
    const answer = await tenant.app.request('http://localhost:4400/_tenant/world', {}, elsewhere as never)
    expect(answer.status).toBe(403)
    for (const remoteAddress of ['127.0.0.1', '::1', '::ffff:127.0.0.1']) {
      const here = { incoming: { socket: { remoteAddress } } }
      const passed = await tenant.app.request('http://localhost:4400/_tenant/world', {}, here as never)
      expect(passed.status).toBe(200)
    }
  })
})
