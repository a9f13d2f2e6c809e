import { createHmac, createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import { compactVerify, createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { aManagementApi } from '../support/tenant/management-calls'

let tenant: Awaited<ReturnType<typeof aManagementApi>>
beforeAll(async () => {
  tenant = await aManagementApi()
})
beforeEach(() => tenant.state.reset())

describe('/_tenant/mint', () => {
  const mint = async (body: unknown): Promise<string> =>
    (await tenant.call('POST', '/_tenant/mint', { body })).body.token
  const claims = { sub: 'auth0|ann' }
  const secret = (text: string) => new TextEncoder().encode(text)

  it('signs a text unchanged', async () => {
    const payload = '{"sub":"a","sub":"b"}'
    const [, middle = ''] = (await mint({ payload })).split('.')
    expect(Buffer.from(middle, 'base64url').toString()).toBe(payload)
  })

  it('signs with the shared secret and any hash', async () => {
    const shared = secret(tenant.state.actionSecrets().SESSION_TOKEN_SHARED_SECRET ?? '')
    expect((await jwtVerify(await mint({ claims }), shared)).payload).toEqual(claims)
    const other = await mint({ claims, header: { alg: 'HS512' } })
    expect((await jwtVerify(other, shared)).protectedHeader).toEqual({ alg: 'HS512', typ: 'JWT' })
  })

  it('signs with the key pair of the tenant', async () => {
    const jwks = createLocalJWKSet(tenant.state.signer.jwks() as Parameters<typeof createLocalJWKSet>[0])
    expect((await jwtVerify(await mint({ claims, key: 'tenant' }), jwks)).payload).toEqual(claims)
    const padded = await mint({ claims, key: 'tenant', header: { alg: 'PS256' } })
    expect(decodeProtectedHeader(padded).alg).toBe('PS256')
  })

  it('signs with a literal secret, even an empty one', async () => {
    await jwtVerify(await mint({ claims, key: 'another secret' }), secret('another secret'))
    const [header, payload, signature] = (await mint({ claims, key: '' })).split('.')
    expect(signature).toBe(createHmac('sha256', '').update(`${header}.${payload}`).digest('base64url'))
  })

  it.each([
    ['ES256', () => generateKeyPairSync('ec', { namedCurve: 'P-256' })],
    ['EdDSA', () => generateKeyPairSync('ed25519')],
    ['RS256', () => generateKeyPairSync('rsa', { modulusLength: 2048 })],
  ])('signs with a JWK for %s', async (alg, generate) => {
    const { privateKey, publicKey } = generate()
    const token = await mint({ claims, key: { ...privateKey.export({ format: 'jwk' }), kid: 'k' } })
    expect((await compactVerify(token, publicKey)).protectedHeader).toEqual({ alg, typ: 'JWT', kid: 'k' })
  })

  it('signs with an oct JWK', async () => {
    const k = Buffer.from('another secret').toString('base64url')
    await jwtVerify(await mint({ claims, key: { kty: 'oct', k } }), secret('another secret'))
  })

  it('creates invalid tokens: unsigned, and with a header that does not match the signature', async () => {
    expect((await mint({ claims, header: { alg: 'nOnE' } })).split('.')[2]).toBe('')
    const [header, payload, signature = ''] = (await mint({ claims, header: { alg: 'RS256' } })).split('.')
    const data = `${header}.${payload}`
    const shared = tenant.state.sharedSecret
    expect(signature).toBe(createHmac('sha256', shared).update(data).digest('base64url'))
    const lying = (await mint({ claims, key: 'tenant', header: { alg: 'HS256' } })).split('.')
    const { keys } = tenant.state.signer.jwks() as { keys: JsonWebKey[] }
    const key = createPublicKey({ key: keys[0] as import('node:crypto').JsonWebKey, format: 'jwk' })
    const signed = Buffer.from(`${lying[0]}.${lying[1]}`)
    expect(verify('sha256', signed, key, Buffer.from(lying[2] ?? '', 'base64url'))).toBe(true)
  })

  it.each([
    [{}, 'claims'],
    [{ claims, key: {} }, 'key.kty'],
    [{ claims, key: { kty: 'toString' } }, 'key.kty'],
    [{ claims, key: { kty: 'oct' } }, 'key.k:'],
    [{ claims, key: { kty: 'oct', k: '' } }, 'key.k:'],
    [{ claims, key: { kty: 'RSA' } }, 'key.n'],
    [{ claims, key: { kty: 'RSA', n: 'AQAB', e: 'AQAB' } }, 'key.d'],
    [{ claims, key: { kty: 'RSA', n: 'AQAB', e: 'AQAB', d: 7 } }, 'key.d'],
    [{ claims, key: { kty: 'EC', crv: 'P-256' } }, 'key.x'],
    [{ claims, key: { kty: 'OKP', crv: 'Ed25519', x: 'AQAB' } }, 'key.d'],
    [{ claims, key: { kty: 'OKP', crv: 'Ed25519', x: 'AQAB', d: 'AQAB' } }, ''],
    [{ claims, key: 7 }, 'key'],
  ])('refuses %o', async (body, named) => {
    const answer = await tenant.call('POST', '/_tenant/mint', { body })
    expect(answer.status).toBe(400)
    expect(answer.body.message).toMatch(new RegExp(named, 'i'))
  })
})

describe('/_tenant/keys', () => {
  const kids = () => (tenant.state.signer.jwks() as { keys: { kid: string }[] }).keys.map(({ kid }) => kid)
  const rotate = (keep: boolean) => tenant.call('POST', '/_tenant/keys', { body: { keep } })

  it('signs with a new key, and keeps or removes the older keys from the published set', async () => {
    const before = kids()
    await rotate(true)
    expect(kids()).toEqual([...before, tenant.state.signer.kid])
    await rotate(false)
    expect(kids()).toEqual([tenant.state.signer.kid])
    expect(decodeProtectedHeader(await tenant.state.signer.sign({})).kid).toBe(kids()[0])
  })

  it('still accepts tokens of older keys', async () => {
    const token = await tenant.state.signer.sign({ sub: 'auth0|ann' })
    await rotate(false)
    expect(await tenant.state.signer.verify(token)).toEqual({ sub: 'auth0|ann' })
  })
})
