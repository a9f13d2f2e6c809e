import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startAuthorization } from '@/lib/oidc/start-authorization'
import type { FlowCandidate, LinkTransaction } from '@/lib/session/transaction-shape'
import { APP_ENVIRONMENT } from '../../support/app-environment'
import { fakeTenant, ISSUER } from './faked-tenant'

const PASSWORD: FlowCandidate = { userId: 'auth0|2', connection: 'db', stays: 'candidate' }
const GOOGLE: FlowCandidate = { userId: 'google-oauth2|3', connection: 'google-oauth2', stays: 'candidate' }
const aTransaction = (changes: Partial<LinkTransaction> = {}): LinkTransaction => ({
  handle: '0123456789abcdef',
  state: 'tenant-state',
  sub: 'github|1',
  connection: 'github',
  replayKey: 'token-id:1',
  key: 'current',
  domain: 'login',
  candidates: [PASSWORD, GOOGLE],
  csrf: 'csrf',
  openedAt: 1,
  touchedAt: 1,
  ...changes,
})
const WRONG = { candidate: 0, isCurrent: false, provider: 'auth0' }

beforeEach(() => {
  for (const [name, value] of Object.entries(APP_ENVIRONMENT)) vi.stubEnv(name, value)
})
afterEach(() => {
  vi.unstubAllEnvs()
  vi.unstubAllGlobals()
})

describe('startAuthorization', () => {
  it('asks for exactly what proves the candidate', async () => {
    fakeTenant()
    const { url, attempt } = await startAuthorization(aTransaction({ email: 'ann@example.com' }), 0, PASSWORD)
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

  it('is fresh each time', async () => {
    fakeTenant()
    const attempts = [
      await startAuthorization(aTransaction(), 0, PASSWORD),
      await startAuthorization(aTransaction(), 0, PASSWORD),
    ]
    for (const name of ['state', 'nonce', 'verifier'] as const)
      expect(new Set(attempts.map(({ attempt }) => attempt[name])).size).toBe(2)
  })

  it('asks for a second factor where the candidate has one', async () => {
    fakeTenant()
    const { url } = await startAuthorization(aTransaction(), 0, { ...PASSWORD, mfa: true })
    expect(new URL(url).searchParams.get('acr_values')).toMatch(/multi-factor$/)
  })

  it.each([
    ['a password account', PASSWORD, undefined, 'login'],
    ['a password account after a wrong one', PASSWORD, WRONG, 'login'],
    ['a Google account', GOOGLE, undefined, 'login'],
    ['a Google account after a wrong one', GOOGLE, WRONG, 'select_account'],
  ])('prompts for %s', async (_what, candidate, wrong, prompt) => {
    fakeTenant()
    const { url } = await startAuthorization(aTransaction({ wrong }), 0, candidate)
    expect(new URL(url).searchParams.get('prompt')).toBe(prompt)
  })

  it.each([
    ['names another issuer', { issuer: 'http://localhost:4401/' }, 'bad_issuer'],
    ['sends the code elsewhere', { token_endpoint: 'https://evil.test/oauth/token' }, 'bad_issuer'],
    ['takes keys from elsewhere', { jwks_uri: 'https://evil.test/jwks' }, 'bad_issuer'],
    ['sends people elsewhere', { authorization_endpoint: 'https://evil.test/authorize' }, 'bad_issuer'],
    ['does not support S256', { code_challenge_methods_supported: ['plain'] }, 'bad_issuer'],
    ['says nothing of code challenges', { code_challenge_methods_supported: undefined }, 'bad_issuer'],
  ])('refuses a tenant whose metadata %s', async (_what, metadata, code) => {
    fakeTenant({ metadata })
    await expect(startAuthorization(aTransaction(), 0, PASSWORD)).rejects.toMatchObject({ code })
  })

  it.each([
    ['is down', () => Promise.reject(new TypeError('fetch failed'))],
    ['fails', () => new Response('', { status: 503 })],
    [
      'leads elsewhere',
      () => new Response(null, { status: 302, headers: { location: 'https://evil.test' } }),
    ],
  ])('says so when the tenant %s', async (_what, answer) => {
    fakeTenant({ answers: { '/.well-known/openid-configuration': answer } })
    await expect(startAuthorization(aTransaction(), 0, PASSWORD)).rejects.toMatchObject({
      code: 'tenant_unreachable',
    })
  })

  it('reads the metadata once', async () => {
    const calls = fakeTenant()
    await startAuthorization(aTransaction(), 0, PASSWORD)
    await startAuthorization(aTransaction(), 0, PASSWORD)
    expect(calls.map(({ path }) => path)).toEqual(['/.well-known/openid-configuration'])
  })
})
