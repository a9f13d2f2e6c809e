import { createHmac } from 'node:crypto'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Answer, signResponseToken } from '@/lib/link-flow/tokens/sign-response-token'
import { verifyResponseToken } from '@/lib/link-flow/tokens/verify-response-token'
import { APP_ENVIRONMENT } from '../../../support/process/app-environment'
import { services } from '../../../support/process/services'

const NOW = 1_800_000_000
const PREVIOUS = 'previous-shared-secret-0123456789abcdef'
const LINK: Answer = {
  sub: 'google-oauth2|1',
  state: 'a+b/c=~',
  transactionId: 'txn',
  result: 'link',
  primary: { userId: 'auth0|2', provider: 'auth0', connection: 'db' },
  secondary: { userId: 'google-oauth2|1', provider: 'google-oauth2', connection: 'google-oauth2' },
}

const NOTHING: Answer = { ...LINK, result: 'failed', primary: undefined, secondary: undefined }

/** A token with these claims, signed like a real response token. */
function mint(claims: object): string {
  const input = [{ alg: 'HS256', typ: 'JWT' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  const secret = APP_ENVIRONMENT.SESSION_TOKEN_SHARED_SECRET ?? ''
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
}

beforeAll(() => {
  for (const [name, value] of Object.entries(APP_ENVIRONMENT)) vi.stubEnv(name, value)
  vi.stubEnv('SESSION_TOKEN_SHARED_SECRET_PREVIOUS', PREVIOUS)
  vi.useFakeTimers({ toFake: ['Date'] })
})
beforeEach(() => {
  vi.setSystemTime(NOW * 1000)
})
afterAll(() => {
  vi.unstubAllEnvs()
  vi.useRealTimers()
})

describe('signResponseToken', () => {
  it('sets exactly the claims of the contract', async () => {
    const token = await signResponseToken(services(), LINK, 'current')
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'HS256', typ: 'JWT' })
    expect(decodeJwt(token)).toEqual({
      iss: 'http://localhost:3000',
      sub: 'google-oauth2|1',
      iat: NOW,
      exp: NOW + 120,
      state: 'a+b/c=~',
      jti: expect.any(String),
      purpose: 'account-link.result',
      txn: 'txn',
      result: 'link',
      primary_identity: { user_id: 'auth0|2', provider: 'auth0', connection: 'db' },
      secondary_identity: {
        user_id: 'google-oauth2|1',
        provider: 'google-oauth2',
        connection: 'google-oauth2',
      },
    })
  })

  it('gives each token its own id', async () => {
    const ids = await Promise.all(
      [LINK, LINK].map(
        async (answer) => decodeJwt(await signResponseToken(services(), answer, 'current')).jti,
      ),
    )
    expect(new Set(ids).size).toBe(2)
  })

  it('dates a token by a tenant clock that is ahead, and adds the difference as a claim', async () => {
    expect(
      decodeJwt(await signResponseToken(services(), { ...NOTHING, ahead: 120 }, 'current')),
    ).toMatchObject({
      iat: NOW + 120,
      exp: NOW + 240,
      ahead: 120,
    })
    expect(
      decodeJwt(await signResponseToken(services(), { ...NOTHING, ahead: 0 }, 'current')),
    ).not.toHaveProperty('ahead')
  })

  it('signs with the current secret if there is no previous one', async () => {
    const later = services({ SESSION_TOKEN_SHARED_SECRET_PREVIOUS: undefined })
    const token = await signResponseToken(later, LINK, 'previous')
    expect(await verifyResponseToken(services(), token)).toMatchObject({ key: 'current' })
  })
})

describe('verifyResponseToken', () => {
  it.each(['current', 'previous'] as const)('accepts a token signed with the %s secret', async (key) => {
    const verified = await verifyResponseToken(services(), await signResponseToken(services(), LINK, key))
    expect(verified).toMatchObject({ key, secondsLeft: 120, claims: { result: 'link', state: 'a+b/c=~' } })
  })

  it('reports how long ago a token expired', async () => {
    const token = await signResponseToken(
      services(),
      { ...LINK, result: 'declined', primary: undefined, secondary: undefined },
      'current',
    )
    vi.setSystemTime((NOW + 600) * 1000)
    expect(await verifyResponseToken(services(), token)).toMatchObject({
      secondsLeft: -480,
      claims: { result: 'declined' },
    })
  })

  it('accepts a token for an hour', async () => {
    const token = await signResponseToken(services(), LINK, 'current')
    vi.setSystemTime((NOW + 3600) * 1000)
    expect(await verifyResponseToken(services(), token)).toMatchObject({ secondsLeft: -3480 })
    vi.setSystemTime((NOW + 3601) * 1000)
    expect(await verifyResponseToken(services(), token)).toBeUndefined()
  })

  it.each([
    [30, true],
    [31, false],
  ])('treats a token from a clock that runs %i s ahead as valid: %s', async (ahead, isTaken) => {
    vi.setSystemTime((NOW + ahead) * 1000)
    const token = await signResponseToken(services(), LINK, 'current')
    vi.setSystemTime(NOW * 1000)
    expect((await verifyResponseToken(services(), token)) !== undefined).toBe(isTaken)
  })

  it('measures the life of a token that is dated ahead by the clock that dated it', async () => {
    const token = await signResponseToken(services(), { ...NOTHING, ahead: 3600 }, 'current')
    expect(await verifyResponseToken(services(), token)).toMatchObject({
      secondsLeft: 120,
      claims: { ahead: 3600 },
    })
    vi.setSystemTime((NOW + 100) * 1000)
    expect(await verifyResponseToken(services(), token)).toMatchObject({ secondsLeft: 20 })
    vi.setSystemTime((NOW + 3601) * 1000)
    expect(await verifyResponseToken(services(), token)).toBeUndefined()
  })

  it.each<[string, object]>([
    ['a link', { ...LINK }],
    ['more than an hour', { ...NOTHING, ahead: 3601 }],
    ['a fraction of a second', { ...NOTHING, ahead: 0.5 }],
  ])('refuses a token dated ahead by %s', async (_what, answer) => {
    const token = await signResponseToken(services(), { ahead: 10, ...answer } as Answer, 'current')
    expect(await verifyResponseToken(services(), token)).toBeUndefined()
  })

  it('refuses a token dated ahead without a matching `ahead` claim', async () => {
    const dated = { ...decodeJwt(await signResponseToken(services(), { ...NOTHING, ahead: 60 }, 'current')) }
    expect(await verifyResponseToken(services(), mint(dated))).toBeDefined()
    for (const ahead of [undefined, '60', -60, null, 20])
      expect(await verifyResponseToken(services(), mint({ ...dated, ahead }))).toBeUndefined()
  })

  it.each<[string, object]>([
    ['another issuer', { iss: 'https://evil.test' }],
    ['no issue time', { iat: undefined }],
    ['a text as issue time', { iat: String(NOW) }],
    ['no exp', { exp: undefined }],
    ['a text as exp', { exp: String(NOW + 60) }],
    ['the purpose of a session token', { purpose: 'account-link.request' }],
  ])('refuses a correctly signed token with %s', async (_what, changes) => {
    const good = decodeJwt(await signResponseToken(services(), LINK, 'current'))
    expect(await verifyResponseToken(services(), mint(good))).toMatchObject({ secondsLeft: 120 })
    expect(await verifyResponseToken(services(), mint({ ...good, ...changes }))).toBeUndefined()
  })

  it('refuses an altered token', async () => {
    const [header, , signature] = (await signResponseToken(services(), LINK, 'current')).split('.')
    const payload = Buffer.from(JSON.stringify({ sub: 'auth0|evil' })).toString('base64url')
    expect(await verifyResponseToken(services(), `${header}.${payload}.${signature}`)).toBeUndefined()
  })
})
