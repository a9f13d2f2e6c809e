import { createHmac } from 'node:crypto'
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { parseTenantDomain } from '@/lib/config/tenant-domain'
import type { AuthorizationAttempt } from '@/lib/oidc/authorization-attempt'
import { completeAuthorization } from '@/lib/oidc/complete-authorization'
import { APP_ENVIRONMENT } from '../../support/process/app-environment'
import { services } from '../../support/process/services'
import { FURTHER_ISSUER, fakeTenant, ISSUER, signIdToken } from './faked-tenant'

const now = () => Math.floor(Date.now() / 1000)
const anAttempt = (): AuthorizationAttempt => ({
  state: 'flow.random',
  nonce: 'nonce-1',
  verifier: 'v'.repeat(43),
  startedAt: now() - 60,
})
const goodClaims = (): JWTPayload => ({
  iss: ISSUER,
  aud: 'linking',
  sub: 'auth0|2',
  iat: now(),
  exp: now() + 60,
  nonce: 'nonce-1',
  auth_time: now() - 5,
  email: 'ann@example.com',
  email_verified: true,
})
const complete = (answer: URLSearchParams) =>
  completeAuthorization(services(), answer, anAttempt(), '/link/callback')
const ANSWER = new URLSearchParams({ code: 'code-1', state: 'flow.random' })
const without = (name: string) =>
  Object.fromEntries(Object.entries(goodClaims()).filter(([key]) => key !== name))
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'proven',
    (error: { code?: string }) => error.code,
  )

async function completeWith(claims: JWTPayload) {
  fakeTenant({ idToken: await signIdToken(claims) })
  return complete(ANSWER)
}

beforeEach(() => {
  for (const [name, value] of Object.entries(APP_ENVIRONMENT)) vi.stubEnv(name, value)
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllEnvs()
  vi.unstubAllGlobals()
})

describe('completeAuthorization', () => {
  it('returns who signed in, and sends code and verifier to the tenant once', async () => {
    const idToken = await signIdToken({ ...goodClaims(), amr: ['mfa'], auth_time: now() - 5 })
    const calls = fakeTenant({ idToken })
    expect(await complete(ANSWER)).toEqual({
      account: {
        userId: 'auth0|2',
        email: 'ann@example.com',
        isEmailVerified: true,
        hasUsedMfa: true,
        authTime: expect.any(Number),
      },
      idToken,
      accessToken: expect.any(String),
    })
    const exchanges = calls.filter(({ path }) => path === '/oauth/token')
    expect(
      exchanges.map(({ body }) => [body.get('code'), body.get('code_verifier'), body.get('redirect_uri')]),
    ).toEqual([['code-1', 'v'.repeat(43), 'http://localhost:3000/link/callback']])
  })

  it.each([['true'], [false], [undefined]])(
    'does not treat an address as verified if email_verified is %j',
    async (verified) => {
      expect((await completeWith({ ...goodClaims(), email_verified: verified })).account).toMatchObject({
        isEmailVerified: false,
      })
    },
  )

  it.each([
    [30, 'proven'],
    [31, 'reauth_required'],
  ])('judges a sign-in %i s before the start of this authorization: %s', async (early, code) => {
    const attempt = anAttempt()
    fakeTenant({ idToken: await signIdToken({ ...goodClaims(), auth_time: attempt.startedAt - early }) })
    expect(await codeOf(completeAuthorization(services(), ANSWER, attempt, '/link/callback'))).toBe(code)
  })

  it('accepts a slow second factor if the sign-in came after the start', async () => {
    expect(await codeOf(completeWith({ ...goodClaims(), auth_time: now() - 80 }))).toBe('proven')
  })

  it('accepts times of a tenant clock that is half a minute ahead', async () => {
    const times = { iat: now() + 25, auth_time: now() + 25 }
    expect(await codeOf(completeWith({ ...goodClaims(), ...times }))).toBe('proven')
  })

  it.each([
    ['iat', 30, 'proven'],
    ['iat', 31, 'bad_id_token'],
    ['auth_time', 30, 'proven'],
    ['auth_time', 31, 'bad_id_token'],
  ])('judges an %s %i s ahead: %s', async (name, ahead, code) => {
    const second = now()
    vi.useFakeTimers({ toFake: ['Date'], now: second * 1_000 })
    expect(await codeOf(completeWith({ ...goodClaims(), [name]: second + ahead }))).toBe(code)
  })

  it.each([
    ['session-1', 'session-1'],
    ['s'.repeat(128), 's'.repeat(128)],
    ['s'.repeat(129), undefined],
    ['', undefined],
    [5, undefined],
    [undefined, undefined],
  ])('reads the session id %j as %j', async (sid, expected) => {
    expect((await completeWith({ ...goodClaims(), sid })).account.sid).toBe(expected)
  })

  it.each([[''], [5], [undefined]])('reads no email address from %j', async (email) => {
    expect((await completeWith({ ...goodClaims(), email })).account.email).toBeUndefined()
  })

  it.each<[unknown, boolean]>([
    [['pwd', 'mfa'], true],
    [['pwd'], false],
    [[], false],
    [undefined, false],
  ])('treats the amr %j as a used second factor: %j', async (amr, hasUsedMfa) => {
    expect((await completeWith({ ...goodClaims(), amr })).account).toMatchObject({ hasUsedMfa })
  })

  it.each<[string, JWTPayload]>([
    ['the linking client as authorized party', { azp: 'linking' }],
    ['the linking client as the only audience in a list', { aud: ['linking'] }],
    ['a subject of 255 characters', { sub: `auth0|${'a'.repeat(249)}` }],
  ])('accepts an ID token with %s', async (_what, claims) => {
    expect(await codeOf(completeWith({ ...goodClaims(), ...claims }))).toBe('proven')
  })

  it('passes the issuer in the response on if the tenant promises one', async () => {
    const metadata = { authorization_response_iss_parameter_supported: true }
    fakeTenant({ metadata, idToken: await signIdToken(goodClaims()) })
    expect(await codeOf(complete(new URLSearchParams([...ANSWER, ['iss', ISSUER]])))).toBe('proven')
    expect(await codeOf(complete(ANSWER))).toBe('bad_id_token')
  })

  const FURTHER = parseTenantDomain(FURTHER_ISSUER)
  it.each([
    ['the domain where the authorization started', FURTHER_ISSUER, 'proven'],
    ['another login domain of the tenant', ISSUER, 'bad_id_token'],
  ])('judges an ID token of %s: %s', async (_what, iss, code) => {
    const calls = fakeTenant({ idToken: await signIdToken({ ...goodClaims(), iss }) })
    expect(
      await codeOf(completeAuthorization(services(), ANSWER, anAttempt(), '/link/callback', FURTHER)),
    ).toBe(code)
    expect(new Set(calls.map(({ origin }) => `${origin}/`))).toEqual(new Set([FURTHER_ISSUER]))
  })

  it.each([
    ['the domain where the authorization started', FURTHER_ISSUER, 'proven'],
    ['another login domain of the tenant', ISSUER, 'bad_issuer'],
  ])('judges a response that names %s: %s', async (_what, iss, code) => {
    const calls = fakeTenant({ idToken: await signIdToken({ ...goodClaims(), iss: FURTHER_ISSUER }) })
    const answer = new URLSearchParams([...ANSWER, ['iss', iss]])
    expect(
      await codeOf(completeAuthorization(services(), answer, anAttempt(), '/link/callback', FURTHER)),
    ).toBe(code)
    expect(calls.some(({ path }) => path === '/oauth/token')).toBe(code === 'proven')
  })

  it('refuses a token response without an ID token', async () => {
    const bare = () => Response.json({ access_token: 'opaque', token_type: 'Bearer', expires_in: 60 })
    fakeTenant({ answers: { '/oauth/token': bare } })
    expect(await codeOf(complete(ANSWER))).toBe('bad_id_token')
  })

  it('refuses another algorithm, even if the tenant announces it and publishes the key', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256')
    const keys = [{ ...(await exportJWK(publicKey)), kid: 'key-2', alg: 'ES256', use: 'sig' }]
    const idToken = await new SignJWT(goodClaims())
      .setProtectedHeader({ alg: 'ES256', kid: 'key-2' })
      .sign(privateKey)
    const metadata = { id_token_signing_alg_values_supported: ['RS256', 'ES256'] }
    fakeTenant({ metadata, idToken, answers: { '/.well-known/jwks.json': () => Response.json({ keys }) } })
    expect(await codeOf(complete(ANSWER))).toBe('bad_id_token')
  })

  it.each([
    ['no auth_time', () => without('auth_time'), 'reauth_required'],
    ['a sign-in before the start', () => ({ ...goodClaims(), auth_time: now() - 100 }), 'reauth_required'],
    ['no nonce', () => without('nonce'), 'bad_id_token'],
    ['another nonce', () => ({ ...goodClaims(), nonce: 'x' }), 'bad_id_token'],
    ['another issuer', () => ({ ...goodClaims(), iss: 'https://localhost:4401/' }), 'bad_id_token'],
    ['another audience', () => ({ ...goodClaims(), aud: 'demo-app' }), 'bad_id_token'],
    [
      'a further audience',
      () => ({ ...goodClaims(), aud: ['linking', 'demo-app'], azp: 'linking' }),
      'bad_id_token',
    ],
    ['another authorized party', () => ({ ...goodClaims(), azp: 'demo-app' }), 'bad_id_token'],
    ['no subject', () => without('sub'), 'bad_id_token'],
    ['an empty subject', () => ({ ...goodClaims(), sub: '' }), 'bad_id_token'],
    ['a subject that is no user id', () => ({ ...goodClaims(), sub: 'ann' }), 'bad_id_token'],
    ['too long a subject', () => ({ ...goodClaims(), sub: `auth0|${'a'.repeat(250)}` }), 'bad_id_token'],
    ['a subject with a line break', () => ({ ...goodClaims(), sub: 'auth0|2\n' }), 'bad_id_token'],
    ['no issue time', () => without('iat'), 'bad_id_token'],
    ['an iat one minute ahead', () => ({ ...goodClaims(), iat: now() + 60 }), 'bad_id_token'],
    ['an iat one day ahead', () => ({ ...goodClaims(), iat: now() + 86_400 }), 'bad_id_token'],
    ['an auth_time one minute ahead', () => ({ ...goodClaims(), auth_time: now() + 60 }), 'bad_id_token'],
    ['an auth_time one day ahead', () => ({ ...goodClaims(), auth_time: now() + 86_400 }), 'bad_id_token'],
    ['an exp in the past', () => ({ ...goodClaims(), exp: now() - 120 }), 'bad_id_token'],
  ])('refuses an ID token with %s', async (_what, claims, code) => {
    expect(await codeOf(completeWith(claims()))).toBe(code)
  })

  const input = () =>
    [{ alg: 'HS256' }, goodClaims()]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.')
  it.each([
    [
      'no signature',
      async () => `${Buffer.from('{"alg":"none"}').toString('base64url')}.${input().split('.')[1]}.`,
    ],
    [
      'the client secret as key',
      async () =>
        `${input()}.${createHmac('sha256', APP_ENVIRONMENT.LINKING_CLIENT_SECRET ?? '')
          .update(input())
          .digest('base64url')}`,
    ],
    ['a key that the tenant does not publish', async () => signIdToken(goodClaims(), { kid: 'key-2' })],
    [
      'another key under a published key id',
      async () =>
        new SignJWT(goodClaims())
          .setProtectedHeader({ alg: 'RS256', kid: 'key-1' })
          .sign((await generateKeyPair('RS256')).privateKey),
    ],
  ])('refuses an ID token signed with %s', async (_what, sign) => {
    fakeTenant({ idToken: await sign() })
    expect(await codeOf(complete(ANSWER))).toBe('bad_id_token')
  })

  it.each([
    ['another issuer', { code: 'c', state: 'flow.random', iss: 'https://evil.test' }, 'bad_issuer'],
    [
      'the canonical domain',
      { code: 'c', state: 'flow.random', iss: 'https://localhost:4401/' },
      'bad_issuer',
    ],
    [
      'an error',
      { error: 'access_denied', state: 'flow.random', error_description: '<b>no</b>' },
      'sign_in_failed',
    ],
    [
      'a blocked user',
      { error: 'access_denied', state: 'flow.random', error_description: 'user is blocked' },
      'not_available',
    ],
    ['no code', { state: 'flow.random' }, 'sign_in_failed'],
    ['a code and an error', { code: 'c', error: 'x', state: 'flow.random' }, 'sign_in_failed'],
    [
      'two issuers, one of them correct',
      [
        ['code', 'c'],
        ['state', 'flow.random'],
        ['iss', ISSUER],
        ['iss', 'https://evil.test'],
      ],
      'bad_issuer',
    ],
  ])('refuses %s without a request to the tenant', async (_what, answer, code) => {
    const calls = fakeTenant()
    expect(await codeOf(complete(new URLSearchParams(answer)))).toBe(code)
    expect(calls).toEqual([])
  })

  it.each([
    ['refuses the code', () => Response.json({ error: 'invalid_grant' }, { status: 403 }), 'sign_in_failed'],
    ['fails', () => Response.json({ error: 'server_error' }, { status: 500 }), 'tenant_unreachable'],
    ['responds with HTML', () => new Response('<h1>Bad gateway', { status: 502 }), 'tenant_unreachable'],
    ['is unreachable', () => Promise.reject(new TypeError('fetch failed')), 'tenant_unreachable'],
    ['is too slow', () => Promise.reject(new DOMException('', 'TimeoutError')), 'tenant_unreachable'],
    ['is cut off', () => Promise.reject(new DOMException('', 'AbortError')), 'tenant_unreachable'],
    [
      'redirects elsewhere',
      () => new Response(null, { status: 302, headers: { location: 'https://evil.test' } }),
      'tenant_unreachable',
    ],
  ])('throws an error if the token endpoint %s', async (_what, answer, code) => {
    fakeTenant({ answers: { '/oauth/token': answer } })
    expect(await codeOf(complete(ANSWER))).toBe(code)
  })

  it('keeps the cause for debugging', async () => {
    const fault = new TypeError('fetch failed')
    fakeTenant({ answers: { '/oauth/token': () => Promise.reject(fault) } })
    await expect(complete(ANSWER)).rejects.toMatchObject({ cause: fault })
  })
})
