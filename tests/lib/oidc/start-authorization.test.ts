import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { parseTenantDomain } from '@/lib/config/tenant-domain'
import { type AuthorizationRequest, startAuthorization } from '@/lib/oidc/start-authorization'
import { APP_ENVIRONMENT } from '../../support/process/app-environment'
import { services, testConfig } from '../../support/process/services'
import { FURTHER_ISSUER, fakeTenant, ISSUER } from './faked-tenant'

const PASSWORD = { name: 'db', provider: 'auth0' }
const GOOGLE = { name: 'google-oauth2', provider: 'google-oauth2' }
const aRequest = (changes: Partial<AuthorizationRequest> = {}): AuthorizationRequest => ({
  handle: '0123456789abcdef',
  callback: '/link/callback',
  connection: PASSWORD,
  ...changes,
})

beforeEach(() => {
  for (const [name, value] of Object.entries(APP_ENVIRONMENT)) vi.stubEnv(name, value)
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllEnvs()
  vi.unstubAllGlobals()
})

describe('startAuthorization', () => {
  it('requests exactly what proves the account', async () => {
    fakeTenant()
    const { url, attempt } = await startAuthorization(services(), aRequest({ loginHint: 'ann@example.com' }))
    const target = new URL(url)
    expect(target.origin + target.pathname).toBe(`${ISSUER}authorize`)
    expect(Object.fromEntries(target.searchParams)).toEqual({
      response_type: 'code',
      client_id: 'linking',
      redirect_uri: 'http://localhost:3000/link/callback',
      scope: 'openid email',
      state: attempt.state,
      nonce: attempt.nonce,
      code_challenge: createHash('sha256').update(attempt.verifier).digest('base64url'),
      code_challenge_method: 'S256',
      connection: 'db',
      max_age: '0',
      prompt: 'login',
      login_hint: 'ann@example.com',
    })
    expect(attempt.state).toMatch(/^0123456789abcdef\.[\w-]{43}$/)
  })

  it('uses the given login domain, whose metadata is cached separately', async () => {
    fakeTenant()
    const domain = parseTenantDomain(FURTHER_ISSUER)
    if (!domain) throw new Error('no domain')
    const starts = [
      await startAuthorization(services(), aRequest()),
      await startAuthorization(services(), aRequest({ domain })),
    ]
    expect(starts.map(({ url }) => url.split('?')[0])).toEqual([
      `${ISSUER}authorize`,
      `${FURTHER_ISSUER}authorize`,
    ])
  })

  it('stores its start time in seconds', async () => {
    fakeTenant()
    vi.useFakeTimers({ toFake: ['Date'], now: 1_800_000_000_900 })
    expect((await startAuthorization(services(), aRequest())).attempt.startedAt).toBe(1_800_000_000)
  })

  it('uses new random values each time', async () => {
    fakeTenant()
    const attempts = [
      await startAuthorization(services(), aRequest()),
      await startAuthorization(services(), aRequest()),
    ]
    for (const name of ['state', 'nonce', 'verifier'] as const)
      expect(new Set(attempts.map(({ attempt }) => attempt[name])).size).toBe(2)
  })

  it('requests a second factor if the account has one', async () => {
    fakeTenant()
    const { url } = await startAuthorization(services(), aRequest({ needsMfa: true }))
    expect(new URL(url).searchParams.get('acr_values')).toMatch(/multi-factor$/)
  })

  it('lets the person choose the sign-in method if no connection is given', async () => {
    fakeTenant()
    const { url } = await startAuthorization(
      services(),
      aRequest({ connection: undefined, isListWanted: true }),
    )
    expect(new URL(url).searchParams.has('connection')).toBe(false)
    expect(new URL(url).searchParams.get('prompt')).toBe('login')
  })

  it('requests a token for an API if asked to', async () => {
    fakeTenant()
    const api = { audience: 'https://api.example.com/', scope: 'read:current_user' }
    const { searchParams } = new URL((await startAuthorization(services(), aRequest({ api }))).url)
    expect(searchParams.get('audience')).toBe('https://api.example.com/')
    expect(searchParams.get('scope')).toBe('openid email read:current_user')
  })

  it.each([
    ['a password account', PASSWORD, false, 'login'],
    ['a password account with choice', PASSWORD, true, 'login'],
    ['an email code with choice', { name: 'email', provider: 'email' }, true, 'login'],
    ['a text message with choice', { name: 'sms', provider: 'sms' }, true, 'login'],
    ['a Google account', GOOGLE, false, 'login'],
    ['a Google account with choice', GOOGLE, true, 'select_account'],
  ])('sends the prompt for %s', async (_what, connection, isListWanted, prompt) => {
    fakeTenant()
    const { url } = await startAuthorization(services(), aRequest({ connection, isListWanted }))
    expect(new URL(url).searchParams.get('prompt')).toBe(prompt)
  })

  it.each([
    ['names another issuer', { issuer: 'http://localhost:4401/' }, 'bad_issuer'],
    ['sends the code to another host', { token_endpoint: 'https://evil.test/oauth/token' }, 'bad_issuer'],
    ['names no token endpoint', { token_endpoint: undefined }, 'bad_issuer'],
    ['has an invalid token endpoint', { token_endpoint: 'token' }, 'bad_issuer'],
    ['has keys at another host', { jwks_uri: 'https://evil.test/jwks' }, 'bad_issuer'],
    ['sends people to another host', { authorization_endpoint: 'https://evil.test/authorize' }, 'bad_issuer'],
    ['does not support S256', { code_challenge_methods_supported: ['plain'] }, 'bad_issuer'],
    ['lacks code challenge methods', { code_challenge_methods_supported: undefined }, 'bad_issuer'],
  ])('refuses a tenant whose metadata %s', async (_what, metadata, code) => {
    fakeTenant({ metadata })
    await expect(startAuthorization(services(), aRequest())).rejects.toMatchObject({ code })
  })

  it.each([
    ['is down', () => Promise.reject(new TypeError('fetch failed'))],
    ['fails', () => new Response('', { status: 503 })],
    [
      'redirects elsewhere',
      () => new Response(null, { status: 302, headers: { location: 'https://evil.test' } }),
    ],
  ])('throws an error if the tenant %s', async (_what, answer) => {
    fakeTenant({ answers: { '/.well-known/openid-configuration': answer } })
    await expect(startAuthorization(services(), aRequest())).rejects.toMatchObject({
      code: 'tenant_unreachable',
    })
  })

  it('sends people to a tenant on https', async () => {
    const secure = testConfig({ AUTH0_DOMAIN: 'https://localhost:4400' })
    const issuer = 'https://localhost:4400/'
    const metadata = {
      issuer,
      authorization_endpoint: `${issuer}authorize`,
      token_endpoint: `${issuer}oauth/token`,
      jwks_uri: `${issuer}.well-known/jwks.json`,
    }
    fakeTenant({ metadata })
    expect((await startAuthorization(secure, aRequest())).url).toMatch(
      /^https:\/\/localhost:4400\/authorize\?/,
    )
    fakeTenant({ metadata: { ...metadata, token_endpoint: 'http://localhost:4400/oauth/token' } })
    await expect(startAuthorization(secure, aRequest())).rejects.toMatchObject({
      code: 'bad_issuer',
    })
  })

  it('reads the metadata once', async () => {
    const calls = fakeTenant()
    await startAuthorization(services(), aRequest())
    await startAuthorization(services(), aRequest())
    expect(calls.map(({ path }) => path)).toEqual(['/.well-known/openid-configuration'])
  })

  it('reads the metadata again after ten minutes', async () => {
    const calls = fakeTenant()
    vi.useFakeTimers({ toFake: ['Date'], now: 1_800_000_000_000 })
    const countAfter = async (ms: number) => {
      vi.setSystemTime(1_800_000_000_000 + ms)
      await startAuthorization(services(), aRequest())
      return calls.length
    }
    expect(await countAfter(0)).toBe(1)
    expect(await countAfter(600_000 - 1)).toBe(1)
    expect(await countAfter(600_000)).toBe(2)
  })

  it('keeps the cause for debugging', async () => {
    const fault = new TypeError('fetch failed')
    fakeTenant({ answers: { '/.well-known/openid-configuration': () => Promise.reject(fault) } })
    await expect(startAuthorization(services(), aRequest())).rejects.toMatchObject({ cause: fault })
  })
})
