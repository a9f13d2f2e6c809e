import { createHmac, generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { verifySessionToken } from '@/lib/link-flow/tokens/verify-session-token'
import { APP_ENVIRONMENT } from '../../../support/process/app-environment'
import { services } from '../../../support/process/services'

const NOW = 1_800_000_000
const SECRET = APP_ENVIRONMENT.SESSION_TOKEN_SHARED_SECRET ?? ''
const PREVIOUS = 'previous-shared-secret-0123456789abcdef'

const CLAIMS = {
  sub: 'google-oauth2|1',
  iss: 'localhost:4401',
  iat: NOW,
  exp: NOW + 120,
  current_identity: { user_id: 'google-oauth2|1', provider: 'google-oauth2', connection: 'google-oauth2' },
  candidate_identities: [{ user_id: 'auth0|2', provider: 'auth0', connection: 'db' }],
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

function mint(
  claims: unknown,
  header: object = { alg: 'HS256', typ: 'JWT' },
  secret = SECRET,
  hash = 'sha256',
) {
  const isText = typeof claims === 'string' || Buffer.isBuffer(claims)
  const input = `${encode(header)}.${isText ? Buffer.from(claims).toString('base64url') : encode(claims)}`
  return `${input}.${createHmac(hash, secret).update(input).digest('base64url')}`
}

const without = (name: keyof typeof CLAIMS) =>
  Object.fromEntries(Object.entries(CLAIMS).filter(([key]) => key !== name))
const summary = async (token: string) => {
  const verified = await verifySessionToken(services(), token)
  return verified.verdict === 'refused' ? verified.code : verified.verdict
}

beforeAll(() => {
  for (const [name, value] of Object.entries(APP_ENVIRONMENT)) vi.stubEnv(name, value)
  vi.stubEnv('SESSION_TOKEN_SHARED_SECRET_PREVIOUS', PREVIOUS)
  vi.stubEnv('AUTH0_DOMAIN', 'http://localhost:4400,http://127.0.0.1:4400')
  vi.useFakeTimers({ toFake: ['Date'], now: NOW * 1000 })
})
afterAll(() => {
  vi.unstubAllEnvs()
  vi.useRealTimers()
})

describe('verifySessionToken', () => {
  it('accepts a token of the published Action', async () => {
    const verified = await verifySessionToken(services(), mint(CLAIMS))
    expect(verified).toMatchObject({
      verdict: 'valid',
      claims: { contract: 'documented', sub: 'google-oauth2|1' },
    })
  })

  it('accepts a token of our own Action', async () => {
    const verified = await verifySessionToken(
      services(),
      mint({ ...CLAIMS, purpose: 'account-link.request', txn: 't', jti: 'j' }),
    )
    expect(verified).toMatchObject({
      verdict: 'valid',
      claims: { contract: 'own' },
      genuine: { issuer: 'localhost:4401', transactionId: 't', replayKey: 'token-id:j', key: 'current' },
    })
  })

  it('accepts the previous secret, too, and reports it', async () => {
    const verified = await verifySessionToken(services(), mint(CLAIMS, undefined, PREVIOUS))
    expect(verified).toMatchObject({ verdict: 'valid', genuine: { key: 'previous' } })
  })

  it.each([
    ['the login domain', 'localhost:4400', 'valid'],
    ['a further login domain', '127.0.0.1:4400', 'valid'],
    ['a login domain with another port', '127.0.0.1:4402', 'bad'],
    ['no host', '', 'bad'],
    ['another tenant', 'tenant.example.com', 'bad'],
    ['our host with a suffix', 'localhost:4401.evil.test', 'bad'],
    ['the issuer of ID tokens', 'https://localhost:4401/', 'bad'],
    ['capitals', 'LOCALHOST:4401', 'bad'],
    ['a list', ['localhost:4401'], 'bad'],
  ])('compares the issuer exactly: %s', async (_what, iss, expected) => {
    expect(await summary(mint({ ...CLAIMS, iss }))).toBe(expected)
  })

  const publicKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({
    type: 'spki',
    format: 'pem',
  })
  it.each([
    ['empty', ''],
    ['a single part', 'x'],
    ['two parts', 'a.b'],
    ['four parts', 'a.b.c.d'],
    ['only dots', '..'],
    ['five parts', `${encode({ alg: 'dir', enc: 'A256GCM' })}....`],
    ['far too long', 'a'.repeat(1_000_000)],
    ['no algorithm', `${encode({ alg: 'none' })}.${encode(CLAIMS)}.`],
    ['no algorithm, oddly spelled', `${encode({ alg: 'nOnE' })}.${encode(CLAIMS)}.x`],
    ['HS384', mint(CLAIMS, { alg: 'HS384' }, SECRET, 'sha384')],
    ['HS512', mint(CLAIMS, { alg: 'HS512' }, SECRET, 'sha512')],
    ['a lower-case algorithm', mint(CLAIMS, { alg: 'hs256' })],
    ['RS256 in the header', mint(CLAIMS, { alg: 'RS256' })],
    ['another secret', mint(CLAIMS, undefined, 'another-secret-0123456789abcdef0123')],
    ['an empty secret', mint(CLAIMS, undefined, '')],
    ['a public key as secret', mint(CLAIMS, undefined, publicKey.toString())],
    ['the secret in base64', mint(CLAIMS, undefined, Buffer.from(SECRET).toString('base64'))],
    ['an unknown critical header', mint(CLAIMS, { alg: 'HS256', crit: ['foo'], foo: 1 })],
    ['an unencoded payload', mint(CLAIMS, { alg: 'HS256', b64: false, crit: ['b64'] })],
    ['a critical header that changes nothing', mint(CLAIMS, { alg: 'HS256', b64: true, crit: ['b64'] })],
    ['another type', mint(CLAIMS, { alg: 'HS256', typ: 'at+jwt' })],
    ['a type that begins like ours', mint(CLAIMS, { alg: 'HS256', typ: 'JWT+x' })],
    ['a list as type', mint(CLAIMS, { alg: 'HS256', typ: ['JWT'] })],
    [
      'a payload that is no UTF-8',
      mint(Buffer.from(JSON.stringify({ ...CLAIMS, client_name: 'Ã' }), 'latin1')),
    ],
    ['a list as payload', mint([CLAIMS])],
    ['a response token', mint({ ...CLAIMS, iss: 'http://localhost:3000', purpose: 'account-link.result' })],
    ['another purpose', mint({ ...CLAIMS, purpose: 'password-reset' })],
    ['no subject', mint(without('sub'))],
    ['an empty subject', mint({ ...CLAIMS, sub: '' })],
    ['a number as subject', mint({ ...CLAIMS, sub: 5 })],
    ['no issue time', mint(without('iat'))],
    ['a text as issue time', mint({ ...CLAIMS, iat: String(NOW) })],
    ['issued more than an hour ago', mint({ ...CLAIMS, iat: NOW - 3700, exp: NOW - 3600 })],
  ])('is bad for %s', async (_what, token) => {
    expect(await summary(token)).toBe('bad')
  })

  it.each([
    ['no exp', without('exp')],
    ['a text as exp', { ...CLAIMS, exp: String(NOW + 60) }],
    ['an exp beyond a safe number', { ...CLAIMS, exp: 1e308 }],
    ['a fraction as exp', { ...CLAIMS, exp: NOW + 1.5 }],
    ['a negative exp', { ...CLAIMS, exp: -1 }],
    ['too long a life', { ...CLAIMS, exp: NOW + 901 }],
    ['an nbf more than an hour ahead', { ...CLAIMS, nbf: NOW + 3601 }],
    ['an iat in the future and a wrong shape', { ...CLAIMS, iat: NOW + 31, exp: NOW + 31 }],
    ['a text as nbf', { ...CLAIMS, nbf: 'now' }],
    ['a past time as text as nbf', { ...CLAIMS, nbf: String(NOW - 60) }],
    ['another current identity', { ...CLAIMS, sub: 'auth0|9' }],
    ['no candidates', without('candidate_identities')],
    ['an object as candidates', { ...CLAIMS, candidate_identities: {} }],
  ])('refuses %s, but returns whose sign-in it is', async (_what, claims) => {
    const verified = await verifySessionToken(services(), mint(claims))
    expect(verified).toMatchObject({
      verdict: 'refused',
      code: 'bad_token',
      genuine: { sub: expect.any(String) },
    })
  })

  it.each([
    [5, 'valid'],
    [6, 'expired'],
  ])('%i s after exp: %s', async (late, expected) => {
    expect(await summary(mint({ ...CLAIMS, iat: NOW - 60, exp: NOW - late }))).toBe(expected)
  })

  it('accepts a token from a clock that runs 30 s ahead', async () => {
    const token = mint({ ...CLAIMS, iat: NOW + 30, nbf: NOW + 30, exp: NOW + 90 })
    expect(await verifySessionToken(services(), token)).toMatchObject({
      verdict: 'valid',
      genuine: { ahead: 30 },
    })
  })

  it.each<[string, object, number, number]>([
    ['issued 31 s ahead', { iat: NOW + 31, exp: NOW + 90 }, 31, 31],
    ['issued an hour ahead', { iat: NOW + 3600, exp: NOW + 3700 }, 3600, 3600],
    ['valid in 31 s', { nbf: NOW + 31 }, 31, 0],
    ['valid in an hour', { nbf: NOW + 3600 }, 3600, 0],
    ['valid later than issued', { iat: NOW + 40, exp: NOW + 90, nbf: NOW + 49.5 }, 50, 40],
  ])('reports a clock difference for a token %s', async (_what, fields, ahead, of) => {
    expect(await verifySessionToken(services(), mint({ ...CLAIMS, ...fields }))).toEqual({
      verdict: 'refused',
      code: 'clock',
      ahead,
      genuine: expect.objectContaining({ sub: 'google-oauth2|1', ahead: of }),
    })
  })

  it("is bad if issued more than an hour ahead, and reports no difference if the tenant's clock is behind", async () => {
    expect(await summary(mint({ ...CLAIMS, iat: NOW + 3601, exp: NOW + 3700 }))).toBe('bad')
    expect(await verifySessionToken(services(), mint({ ...CLAIMS, iat: NOW - 60 }))).toMatchObject({
      genuine: { ahead: 0 },
    })
  })

  it('returns whose sign-in it is for an hour', async () => {
    expect(await summary(mint({ ...CLAIMS, iat: NOW - 3600, exp: NOW - 3000 }))).toBe('expired')
    expect(await summary(mint({ ...CLAIMS, iat: NOW - 3601, exp: NOW - 3000 }))).toBe('bad')
  })

  it.each([{ alg: 'HS256' }, { alg: 'HS256', typ: 'jwt' }])('accepts the header %j', async (header) => {
    expect(await summary(mint(CLAIMS, header))).toBe('valid')
  })

  it('accepts 16,384 characters at most', async () => {
    const ofLength = (length: number) => {
      for (let pad = 11_000; ; pad += 1) {
        const token = mint({ ...CLAIMS, client_name: 'x'.repeat(pad) })
        if (token.length >= length) return token
      }
    }
    const [longest, tooLong] = [ofLength(16_384), ofLength(16_385)]
    expect(longest).toHaveLength(16_384)
    expect(await summary(longest)).toBe('valid')
    expect(await summary(tooLong)).toBe('bad')
  })

  it('returns optional claims that are strings, and no others', async () => {
    const texts = {
      txn: 't',
      continue_url: 'https://login.example/continue',
      ui_locales: 'de en',
      organization: 'org_1',
    }
    expect(await verifySessionToken(services(), mint({ ...CLAIMS, ...texts }))).toMatchObject({
      genuine: {
        transactionId: 't',
        continueUrl: 'https://login.example/continue',
        uiLocales: 'de en',
        organization: 'org_1',
      },
    })
    for (const nothing of ['', 5, null, ['t']]) {
      const [txn, continue_url, ui_locales] = [nothing, nothing, nothing]
      expect(
        await verifySessionToken(services(), mint({ ...CLAIMS, txn, continue_url, ui_locales })),
      ).toMatchObject({
        genuine: { transactionId: undefined, continueUrl: undefined, uiLocales: undefined },
      })
    }
  })

  it.each([undefined, '', 5])("uses the signature as replay key if the token's id is %j", async (jti) => {
    const tokens = [mint({ ...CLAIMS, jti }), mint({ ...CLAIMS, jti, exp: NOW + 119 })]
    const keys = (await Promise.all(tokens.map((each) => verifySessionToken(services(), each)))).map(
      (verified) => verified.verdict !== 'bad' && verified.genuine.replayKey,
    )
    expect(keys).toEqual(Array(2).fill(expect.stringMatching(/^token-signature:[\w-]{43}$/)))
    expect(new Set(keys).size).toBe(2)
  })

  it('gives every encoding of the same token the same replay key', async () => {
    const token = mint(CLAIMS)
    const spellings = [token, `${token}=`, `${token}\n`, token.replaceAll('-', '+').replaceAll('_', '/')]
    const last = token.at(-1) ?? ''
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    // The last character of an encoded 32-byte signature has two unused bits.
    spellings.push(token.slice(0, -1) + alphabet[alphabet.indexOf(last) + 1])
    const verified = await Promise.all(spellings.map((spelling) => verifySessionToken(services(), spelling)))
    const keys = verified.flatMap((one) => (one.verdict === 'bad' ? [] : [one.genuine.replayKey]))
    expect(keys.length).toBeGreaterThan(1)
    expect(new Set(keys).size).toBe(1)
  })

  it('uses the last of two equal claim names consistently', async () => {
    const doubled = JSON.stringify(CLAIMS).replace('{', '{"sub":"auth0|evil",')
    expect(await verifySessionToken(services(), mint(doubled))).toMatchObject({
      claims: { sub: 'google-oauth2|1' },
    })
  })

  it('does not let a claim named __proto__ change objects', async () => {
    await verifySessionToken(
      services(),
      mint(JSON.stringify(CLAIMS).replace('{', '{"__proto__":{"marker":1},')),
    )
    expect({}).not.toHaveProperty('marker')
  })

  it('refuses a token that the current secret did not sign if there is no previous secret', async () => {
    const alone = services({ SESSION_TOKEN_SHARED_SECRET_PREVIOUS: undefined })
    for (const secret of [PREVIOUS, ''])
      expect(await verifySessionToken(alone, mint(CLAIMS, undefined, secret))).toEqual({
        verdict: 'bad',
      })
  })

  it('accepts only tokens of our own Action in strict mode', async () => {
    const strict = services({ LINK_CONTRACT: 'strict' })
    expect(await verifySessionToken(strict, mint(CLAIMS))).toMatchObject({
      verdict: 'refused',
      code: 'bad_token',
    })
    const own = mint({ ...CLAIMS, purpose: 'account-link.request' })
    expect(await verifySessionToken(strict, own)).toMatchObject({ verdict: 'valid' })
  })
})
