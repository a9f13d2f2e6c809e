import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createSigner } from '@/local-tenant/tokens'
import { aManagementApi, userPath } from '../support/tenant/management-calls'

let tenant: Awaited<ReturnType<typeof aManagementApi>>
beforeAll(async () => {
  tenant = await aManagementApi()
})
beforeEach(() => tenant.state.reset())

const ANN = userPath('auth0|ann')
const scope = 'read:users'

describe('authentication of the Management API', () => {
  it.each([
    ['no header', undefined, { statusCode: 401, error: 'Unauthorized', message: 'Missing authentication' }],
    [
      'another scheme',
      'Basic eDp5',
      {
        statusCode: 400,
        error: 'Bad Request',
        message: 'Bad HTTP authentication header format',
        errorCode: 'Bearer',
      },
    ],
    [
      'no token',
      'Bearer x',
      {
        statusCode: 401,
        error: 'Unauthorized',
        message: 'Invalid token',
        attributes: { error: 'Invalid token' },
      },
    ],
  ])('refuses %s', async (_what, authorization, expected) => {
    const { status, body } = await tenant.call(
      'GET',
      ANN,
      authorization ? { headers: { authorization } } : {},
    )
    expect(status).toBe(expected.statusCode)
    expect(body).toEqual(expected)
  })

  it.each([['an expired token', { exp: 1 }, 'Expired token received for JSON Web Token validation']])(
    'refuses %s',
    async (_what, claims, message) => {
      const { status, body } = await tenant.call('GET', ANN, { scope, claims })
      expect(status).toBe(401)
      expect(body).toMatchObject({ message, attributes: { error: message } })
    },
  )

  it('refuses a token for another API', async () => {
    const { status, body } = await tenant.call('GET', ANN, {
      scope,
      claims: { aud: 'https://api.example.com' },
    })
    const message = 'Bad audience: https://api.example.com'
    expect([status, body]).toEqual([401, { statusCode: 401, error: 'Unauthorized', message }])
  })

  it('refuses a token of another key', async () => {
    const signer = await createSigner()
    const token = await signer.sign({ aud: 'https://localhost:4401/api/v2/', scope })
    const { body } = await tenant.call('GET', ANN, { headers: { authorization: `Bearer ${token}` } })
    expect(body.message).toBe('Invalid signature received for JSON Web Token validation')
  })

  it('lets a token expire by the clock of the tenant', async () => {
    const token = await tenant.accessToken(scope)
    tenant.state.clockOffset = 601
    const { status } = await tenant.call('GET', ANN, { headers: { authorization: `Bearer ${token}` } })
    expect(status).toBe(401)
  })

  it('accepts the audience with the login domain', async () => {
    const claims = { aud: 'http://localhost:4400/api/v2/' }
    expect((await tenant.call('GET', ANN, { scope, claims })).status).toBe(200)
  })

  it('names the scopes that would have been enough', async () => {
    expect((await tenant.call('GET', ANN, { scope: 'read:clients' })).body).toEqual({
      statusCode: 403,
      error: 'Forbidden',
      message: 'Insufficient scope, expected any of: read:users,read:current_user,read:user_idp_tokens',
      errorCode: 'insufficient_scope',
    })
  })

  it('answers an unknown path with 404 in the shape of its errors', async () => {
    const { body } = await tenant.call('GET', '/api/v2/log-streams', { scope })
    expect(body).toEqual({ statusCode: 404, error: 'Not Found', message: 'Not Found' })
  })
})

describe('rateLimit', () => {
  it('adds its headers to successes and to its own refusals, but not to other errors', async () => {
    const { headers } = await tenant.call('GET', ANN, { scope })
    expect(headers.get('x-ratelimit-limit')).toBe('50')
    expect(headers.get('x-ratelimit-remaining')).toBe('49')
    expect(Number(headers.get('x-ratelimit-reset'))).toBeGreaterThan(1_700_000_000)
    for (const refused of [await tenant.call('GET', ANN), await tenant.call('GET', ANN, { scope: 'read:x' })])
      expect([...refused.headers.keys()].filter((name) => name.startsWith('x-ratelimit'))).toEqual([])
  })

  it('names the limit that was reached', async () => {
    const rate_limit = { burst: 1, per_second: 0.1, of: 'endpoint' }
    await tenant.call('POST', '/_tenant/options', { body: { rate_limit } })
    await tenant.call('GET', ANN, { scope })
    const refused = await tenant.call('GET', ANN, { scope })
    expect([refused.body.message, refused.headers.get('x-ratelimit-remaining')]).toEqual([
      'Endpoint limit has been reached',
      '0',
    ])
  })

  it('answers 429 while the bucket is empty, and fills it again', async () => {
    await tenant.call('POST', '/_tenant/options', { body: { rate_limit: { burst: 2, per_second: 0.1 } } })
    for (const remaining of ['1', '0']) {
      const { status, headers } = await tenant.call('GET', ANN, { scope })
      expect(status).toBe(200)
      expect(headers.get('x-ratelimit-remaining')).toBe(remaining)
    }
    const refused = await tenant.call('GET', ANN, { scope })
    expect(refused.body).toEqual({
      statusCode: 429,
      error: 'Too Many Requests',
      message: 'Global limit has been reached',
      errorCode: 'too_many_requests',
    })
    expect(refused.headers.get('retry-after')).toBe('10')
    expect(refused.headers.get('x-ratelimit-remaining')).toBe('0')

    tenant.state.clockOffset += 10
    expect((await tenant.call('GET', ANN, { scope })).status).toBe(200)
    await tenant.call('POST', '/_tenant/options', { body: { rate_limit: null } })
    expect((await tenant.call('GET', ANN, { scope })).status).toBe(200)
  })
})
