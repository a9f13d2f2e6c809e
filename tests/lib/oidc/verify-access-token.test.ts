import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Config } from '@/lib/config/config'
import { createAccessTokenVerifier } from '@/lib/oidc/verify-access-token'
import { FURTHER_ISSUER, fakeTenant, ISSUER, signIdToken, type TenantFaults } from './faked-tenant'

const AUDIENCE = 'https://app.example/api'
const MANAGEMENT_ISSUER = 'http://[::1]:4400/'
const MAX_CHARACTERS = 8_192
const now = () => Math.floor(Date.now() / 1_000)
const domain = (issuer: string) => ({ issuer }) as Config['managementDomain']

/** Makes the verifier of a process at a tenant. */
function verifierAt(faults: TenantFaults = {}) {
  const calls = fakeTenant(faults)
  const verifier = createAccessTokenVerifier({
    loginDomains: [domain(ISSUER), domain(FURTHER_ISSUER)],
    managementDomain: domain(MANAGEMENT_ISSUER),
  })
  return { calls, verify: (token: string) => verifier.verify(token, AUDIENCE) }
}
const claims = (changes: JWTPayload = {}): JWTPayload => ({
  ...{ iss: ISSUER, aud: AUDIENCE, sub: 'auth0|ann', iat: now(), exp: now() + 60 },
  ...changes,
})
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }))

describe('createAccessTokenVerifier', () => {
  it.each([ISSUER, FURTHER_ISSUER, MANAGEMENT_ISSUER])(
    'returns the claims of a token of %s, and reads the keys there once',
    async (iss) => {
      const { calls, verify } = verifierAt()
      const wait = vi.spyOn(AbortSignal, 'timeout')
      const token = await signIdToken(claims({ iss }))
      expect(await verify(token)).toEqual(claims({ iss }))
      expect(await verify(token)).toEqual(claims({ iss }))
      expect(calls.map(({ origin, path }) => origin + path)).toEqual([`${iss}.well-known/jwks.json`])
      expect(wait.mock.calls).toEqual([[2_500]])
    },
  )

  it.each<[string, JWTPayload]>([
    ['for several APIs', { aud: ['https://other.example', AUDIENCE] }],
    ['that expired less than 30 s ago', { exp: now() - 25 }],
    ['that is valid in less than 30 s', { nbf: now() + 25 }],
  ])('accepts a token %s', async (_what, changes) => {
    expect(await verifierAt().verify(await signIdToken(claims(changes)))).toMatchObject({ sub: 'auth0|ann' })
  })

  it.each<[string, JWTPayload]>([
    ['for another API', { aud: 'https://other.example' }],
    ['for no API', { aud: undefined }],
    ['of another issuer', { iss: 'https://evil.example/' }],
    ['of no issuer', { iss: undefined }],
    ['that expired more than 30 s ago', { exp: now() - 35 }],
    ['that is not yet valid', { nbf: now() + 60 }],
    ['that never expires', { exp: undefined }],
    ['without a time', { iat: undefined }],
    ['without a subject', { sub: undefined }],
  ])('refuses a token %s', async (_what, changes) => {
    expect(await verifierAt().verify(await signIdToken(claims(changes)))).toBeUndefined()
  })

  it('refuses what is no token, is signed with another key or algorithm, or has no signature', async () => {
    const { privateKey } = await generateKeyPair('RS256')
    const signedBy = (alg: string, kid: string, key: CryptoKey | Uint8Array) =>
      new SignJWT(claims()).setProtectedHeader({ alg, kid }).sign(key)
    const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const tokens = [
      '',
      'a.b.c',
      `${encoded({ alg: 'none' })}.${encoded(claims())}.`,
      await signedBy('RS256', 'key-1', privateKey),
      await signedBy('HS256', 'key-1', new TextEncoder().encode('a secret of thirty-two characters')),
      await signIdToken(claims(), { kid: 'unknown' }),
    ]
    const { verify } = verifierAt()
    for (const token of tokens) expect(await verify(token)).toBeUndefined()
  })

  it('refuses another algorithm even if the tenant publishes such a key', async () => {
    const { privateKey, publicKey } = await generateKeyPair('PS256', { extractable: true })
    const jwk = { ...(await exportJWK(publicKey)), kid: 'key-2', use: 'sig' }
    const { verify } = verifierAt({
      answers: { '/.well-known/jwks.json': () => Response.json({ keys: [jwk] }) },
    })
    const token = await new SignJWT(claims())
      .setProtectedHeader({ alg: 'PS256', kid: 'key-2' })
      .sign(privateKey)
    expect(await verify(token)).toBeUndefined()
  })

  it('reads no token that is longer than 8,192 characters', async () => {
    const { calls, verify } = verifierAt()
    const padded = (pad: number) => signIdToken(claims({ pad: 'x'.repeat(pad) }))
    let pad = 5_400
    while ((await padded(pad + 1)).length <= MAX_CHARACTERS) pad += 1
    const longest = await padded(pad)
    expect(longest.length).toBeGreaterThan(MAX_CHARACTERS - 4)
    expect(await verify(await padded(pad + 1))).toBeUndefined()
    expect(calls).toEqual([])
    expect(await verify(longest)).toMatchObject({ sub: 'auth0|ann' })
  })

  it.each<[string, () => Response]>([
    ['answers with an error', () => new Response('no', { status: 500 })],
    ['has no keys', () => Response.json({})],
    ['does not answer in time', () => fail('TimeoutError')],
    ['cannot be reached', () => fail('TypeError')],
  ])('throws tenant_unreachable if the tenant %s', async (_what, answer) => {
    const { verify } = verifierAt({ answers: { '/.well-known/jwks.json': answer } })
    await expect(verify(await signIdToken(claims()))).rejects.toMatchObject({ code: 'tenant_unreachable' })
  })
})

function fail(name: string): never {
  throw Object.assign(new Error('failed'), { name })
}
