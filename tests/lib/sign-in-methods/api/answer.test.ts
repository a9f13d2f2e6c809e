import { exportJWK, exportSPKI, generateKeyPair, importJWK, type JWK, SignJWT, UnsecuredJWT } from 'jose'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { fetchTrackingQuota } from '@/lib/auth0/tenant-quota'
import { en } from '@/lib/messages/en'
import { loadMessages } from '@/lib/messages/load-messages'
import { answerSignInMethods } from '@/lib/sign-in-methods/api/answer'
import { configure, services } from '../../../support/process/page-services'
import { forgetProcessMemory } from '../../../support/process/process-memory'
import { now } from '../a-session'
import { aSnapshot, GOOGLE, LINKED_AT } from '../a-snapshot'
import { atTenant } from '../at-tenant'

const AUDIENCE = 'http://localhost:3000/api'
const LOGIN = 'http://localhost:4400/'
const CANONICAL = 'https://localhost:4401/'

const tenant = await atTenant()
/** The services of one process, so that calls share cached keys and verifiers. */
let ours = services()
beforeEach(() => {
  ours = services()
  forgetProcessMemory('tenant-quota')
})

/** The claims of Ann's access token as Auth0 issues it to `demo-app`; null removes a claim. */
function claims(changes: Record<string, unknown> = {}): Record<string, unknown> {
  const all = {
    iss: LOGIN,
    sub: 'auth0|ann',
    aud: [AUDIENCE, `${LOGIN}userinfo`],
    azp: 'demo-app',
    scope: 'openid profile read:sign_in_methods',
    iat: now(),
    exp: now() + 600,
    ...changes,
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null))
}
const aToken = (changes: Record<string, unknown> = {}, header: Record<string, unknown> = {}) =>
  tenant.state.signer.sign(claims(changes), { header })

async function ask(token: string | undefined, headers: Record<string, string> = {}, method = 'GET') {
  const request = new Request('http://localhost:3000/api/sign-in-methods', {
    method,
    headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...headers },
  })
  const response = await answerSignInMethods(ours, request)
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? undefined : JSON.parse(text),
  }
}
/** Status, error code and `WWW-Authenticate` header of a refused call. */
async function refusal(token: string | undefined, headers: Record<string, string> = {}) {
  const { status, body, headers: answered } = await ask(token, headers)
  return [status, body.error, answered.get('www-authenticate')]
}
const INVALID = [401, 'invalid_token', 'Bearer error="invalid_token"']
const reads = () => tenant.calls().filter((call) => call === 'GET auth0|ann').length

/** Links Ann's Google account, with a snapshot unless another program makes the link. */
async function linkGoogle(isOurs = true) {
  tenant.attach('auth0|ann', { ...GOOGLE, connection: 'google-oauth2' })
  if (isOurs) Object.assign(tenant.user('auth0|ann').app_metadata, await aSnapshot())
}

describe('GET /api/sign-in-methods', () => {
  it('lists the sign-in methods of the token’s account, the primary one first, and the page that manages them', async () => {
    await linkGoogle()
    const { status, body } = await ask(await aToken())
    expect([status, body]).toEqual([
      200,
      {
        methods: [
          {
            provider: 'auth0',
            connection: 'Username-Password-Authentication',
            label: en.providers.auth0,
            primary: true,
            linked_at: null,
          },
          {
            provider: 'google-oauth2',
            connection: 'google-oauth2',
            label: en.providers['google-oauth2'],
            primary: false,
            linked_at: new Date(LINKED_AT * 1000).toISOString(),
          },
        ],
        manage_url: 'http://localhost:3000/settings/connected-accounts',
      },
    ])
  })

  it('returns no time for a method that another program linked', async () => {
    await linkGoogle(false)
    const { body } = await ask(await aToken())
    expect(body.methods.map(({ linked_at }: { linked_at: unknown }) => linked_at)).toEqual([null, null])
  })

  it('labels a method with the operator’s name for its connection', async () => {
    const saml = { provider: 'samlp', user_id: 'acme-saml|a|nn', connection: 'acme-saml' }
    tenant.attach('auth0|ann', saml)
    const { body } = await ask(await aToken())
    expect(body.methods[1]).toEqual({
      provider: 'samlp',
      connection: 'acme-saml',
      label: 'Acme',
      primary: false,
      linked_at: null,
    })
  })

  it('uses the language of the Accept-Language header, whatever cookie and query say', async () => {
    const german = await loadMessages('de', {})
    const token = await aToken()
    const labelFor = async (headers: Record<string, string>, query = '') => {
      const request = new Request(`http://localhost:3000/api/sign-in-methods${query}`, {
        headers: { authorization: `Bearer ${token}`, ...headers },
      })
      return (await (await answerSignInMethods(ours, request)).json()).methods[0].label
    }
    expect(await labelFor({ 'accept-language': 'de-AT, en;q=0.5' })).toBe(german.providers.auth0)
    expect(await labelFor({ 'accept-language': 'xx' })).toBe(en.providers.auth0)
    expect(await labelFor({ cookie: 'lang=de' }, '?lang=de')).toBe(en.providers.auth0)
  })

  it.each([LOGIN, CANONICAL])('accepts tokens issued by %s', async (iss) => {
    expect((await ask(await aToken({ iss }))).status).toBe(200)
  })

  it('accepts a single audience', async () => {
    expect((await ask(await aToken({ aud: AUDIENCE }))).status).toBe(200)
  })

  it('contains no address, name or id of a person, and neither does the log', async () => {
    await linkGoogle()
    const { body } = await ask(await aToken())
    await ask(await aToken({ sub: 'auth0|nobody' }))
    const logged = vi.mocked(console.log).mock.calls.join('\n')
    expect(logged).toContain('account_gone')
    for (const text of [JSON.stringify(body), logged]) expect(text).not.toMatch(/@|Archer|ann|nobody/i)
  })
})

describe('a token', () => {
  it('is requested without an error if it is missing', async () => {
    expect(await refusal(undefined)).toEqual([401, 'missing_token', 'Bearer'])
    expect(await refusal(undefined, { authorization: 'Basic YTpi' })).toEqual([
      401,
      'missing_token',
      'Bearer',
    ])
  })

  it('is ignored in a cookie or the query', async () => {
    const token = await aToken()
    expect(await refusal(undefined, { cookie: `access_token=${token}; __session=${token}` })).toEqual([
      401,
      'missing_token',
      'Bearer',
    ])
    const request = new Request(`http://localhost:3000/api/sign-in-methods?access_token=${token}`)
    expect((await answerSignInMethods(ours, request)).status).toBe(401)
  })

  it.each<[string, Record<string, unknown>]>([
    ['of another issuer', { iss: 'https://evil.example/' }],
    ['of our domain as issuer without its slash', { iss: 'http://localhost:4400' }],
    ['without an issuer', { iss: null }],
    ['for another API', { aud: ['https://localhost:4401/api/v2/', `${LOGIN}userinfo`] }],
    ['for an audience with an extra slash', { aud: `${AUDIENCE}/` }],
    ['without an audience', { aud: null }],
    ['that is an ID token', { aud: 'demo-app', azp: null, scope: null }],
    ['that has expired', { iat: -700, exp: -100 }],
    ['without an expiry', { exp: null }],
    ['that is not valid yet', { nbf: 600 }],
    ['of an application itself, by its grant type', { gty: 'client-credentials' }],
    ['of an application itself, by its subject', { sub: 'demo-app@clients' }],
    ['without a subject', { sub: null }],
    ['with an empty subject', { sub: '' }],
    ['without a client', { azp: null }],
    ['whose client is no string', { azp: ['demo-app'] }],
  ])('%s is refused', async (_what, changes) => {
    const times = Object.entries(changes).map(([name, value]) => [
      name,
      ['iat', 'exp', 'nbf'].includes(name) && typeof value === 'number' ? now() + value : value,
    ])
    expect(await refusal(await aToken(Object.fromEntries(times)))).toEqual(INVALID)
    expect(tenant.calls()).toEqual([])
  })

  it('without a signature is refused', async () => {
    expect(await refusal(new UnsecuredJWT(claims()).encode())).toEqual(INVALID)
  })

  it('signed with the public key as a secret is refused', async () => {
    const [jwk] = (tenant.state.signer.jwks() as { keys: [{ kid: string }] }).keys
    const pem = await exportSPKI((await importJWK(jwk, 'RS256', { extractable: true })) as CryptoKey)
    const forged = new SignJWT(claims()).setProtectedHeader({ alg: 'HS256', kid: jwk.kid, typ: 'JWT' })
    expect(await refusal(await forged.sign(new TextEncoder().encode(pem)))).toEqual(INVALID)
  })

  it.each(['RS512', 'PS256'])('signed by the tenant’s own key with %s is refused', async (alg) => {
    const { signer } = tenant.state
    const { keys } = signer.jwks() as { keys: JWK[] }
    // Keys without `alg` leave the choice of the algorithm to us.
    const withoutAlgorithm = keys.map(({ alg: _alg, ...jwk }) => jwk)
    tenant.play({ match: { path: 'jwks.json' }, effect: { status: 200, body: { keys: withoutAlgorithm } } })
    expect((await ask(await aToken())).status).toBe(200)
    const key = await importJWK(await exportJWK(signer.privateKey), alg)
    const token = new SignJWT(claims()).setProtectedHeader({ alg, kid: signer.kid })
    expect(await refusal(await token.sign(key))).toEqual(INVALID)
  })

  it.each([
    ['', {}],
    [' in its header', { jwk: true }],
  ])('signed with a foreign key%s is refused', async (_how, { jwk }: { jwk?: boolean }) => {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true })
    const own = jwk ? { jwk: await crypto.subtle.exportKey('jwk', publicKey) } : {}
    for (const kid of [tenant.state.signer.kid, 'unknown']) {
      const token = await new SignJWT(claims())
        .setProtectedHeader({ alg: 'RS256', kid, ...(own as object) })
        .sign(privateKey)
      expect(await refusal(token)).toEqual(INVALID)
    }
  })

  it.each(['e30', 'a.b.c', 'e30.e30.e30', `${'a'.repeat(8_193)}`])(
    'that is no token, %.20s, is refused',
    async (token) => {
      expect(await refusal(token)).toEqual(INVALID)
    },
  )

  it('that is too long is refused, even with a genuine signature', async () => {
    expect(await refusal(await aToken({ padding: 'a'.repeat(8_192) }))).toEqual(INVALID)
  })

  it.each([[null], ['openid profile'], ['read:sign_in_methods_all'], [['read:sign_in_methods']]])(
    'with the scope %j is refused with the name of the required scope',
    async (scope) => {
      expect(await refusal(await aToken({ scope }))).toEqual([
        403,
        'insufficient_scope',
        'Bearer error="insufficient_scope", scope="read:sign_in_methods"',
      ])
    },
  )

  it('is verified with a key that was published after the last read of the keys', async () => {
    await ask(await aToken())
    await tenant.state.signer.rotate(true)
    // The verifier reads the keys again 30 s after the last time at the earliest.
    vi.setSystemTime(Date.now() + 31_000)
    expect((await ask(await aToken())).status).toBe(200)
  })
})

describe('the application', () => {
  const NOT_ALLOWED = [401, 'client_not_allowed', 'Bearer error="invalid_token"']
  const clientOf = (id: string) => tenant.state.clients.get(id)

  it('must be first-party', async () => {
    Object.assign(clientOf('demo-other') ?? {}, { settings: { is_first_party: false } })
    expect(await refusal(await aToken({ azp: 'demo-other' }))).toEqual(NOT_ALLOWED)
    expect(reads()).toBe(0)
    expect((await ask(await aToken())).status).toBe(200)
  })

  it('must exist', async () => {
    expect(await refusal(await aToken({ azp: 'gone' }))).toEqual(NOT_ALLOWED)
  })

  it('cannot lead to another path of the Management API', async () => {
    expect((await refusal(await aToken({ azp: '../users/auth0|ann' })))[0]).toBe(401)
    expect(reads()).toBe(0)
  })

  it('is read once in ten minutes', async () => {
    const asked = () => tenant.calls().filter((call) => call === 'GET clients/demo-app').length
    for (const [seconds, count] of [
      [0, 1],
      [590, 1],
      [20, 2],
    ] as const) {
      vi.setSystemTime(Date.now() + seconds * 1000)
      await ask(await aToken())
      expect(asked()).toBe(count)
    }
  })

  it.each([['read:client_summary'], ['read:connections']])(
    'is not treated as first-party if the service only has %s',
    async (scope) => {
      tenant.grant('read:users', scope)
      const { status, body, headers } = await ask(await aToken())
      expect([status, body.error, headers.get('retry-after')]).toEqual([503, 'not_set_up', '5'])
      expect(reads()).toBe(0)
    },
  )
})

describe('the account', () => {
  const GONE = [401, 'account_gone', 'Bearer error="invalid_token"']

  it('must exist', async () => {
    expect(await refusal(await aToken({ sub: 'auth0|nobody' }))).toEqual(GONE)
  })

  it('must not be part of another one', async () => {
    await linkGoogle()
    tenant.state.users.delete('google-oauth2|ann-g')
    expect(await refusal(await aToken({ sub: 'google-oauth2|ann-g' }))).toEqual(GONE)
  })

  it('must not be blocked, which is noticed within 30 s', async () => {
    await ask(await aToken())
    tenant.change('auth0|ann', { blocked: true })
    vi.setSystemTime(Date.now() + 31_000)
    expect(await refusal(await aToken())).toEqual(GONE)
  })

  it('is read once in 30 s, even by simultaneous calls', async () => {
    const token = await aToken()
    await Promise.all([ask(token), ask(token), ask(token)])
    vi.setSystemTime(Date.now() + 25_000)
    await ask(token)
    expect(reads()).toBe(1)
    vi.setSystemTime(Date.now() + 10_000)
    await ask(token)
    expect(reads()).toBe(2)
  })

  it('is read once in 30 s even if it does not exist', async () => {
    const token = await aToken({ sub: 'auth0|nobody' })
    await ask(token)
    await ask(token)
    expect(tenant.calls().filter((call) => call === 'GET auth0|nobody')).toHaveLength(1)
  })

  it('has its own limit of sixty calls a minute', async () => {
    const token = await aToken()
    for (let call = 0; call < 60; call += 1) expect((await ask(token)).status).toBe(200)
    const { status, body, headers } = await ask(token)
    expect([status, body]).toEqual([429, { error: 'rate_limited' }])
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(60)
    expect((await ask(await aToken({ sub: 'auth0|bea' }))).status).toBe(200)
    vi.setSystemTime(Date.now() + 61_000)
    expect((await ask(await aToken())).status).toBe(200)
  })

  it('keeps its calls if a third-party application calls', async () => {
    Object.assign(tenant.state.clients.get('demo-other') ?? {}, { settings: { is_first_party: false } })
    const foreign = await aToken({ azp: 'demo-other' })
    for (let call = 0; call < 61; call += 1) await ask(foreign)
    expect((await ask(await aToken())).status).toBe(200)
  })
})

describe('an error', () => {
  it.each([
    ['the keys', '^/\\.well-known/jwks', { status: 500 }, 503, 'tenant_unreachable'],
    ['the application', '^/api/v2/clients/', { status: 500 }, 503, 'tenant_unreachable'],
    ['the account', '^/api/v2/users/', { status: 500 }, 503, 'tenant_unreachable'],
    ['the account, because of a missing scope', '^/api/v2/users/', { status: 403 }, 503, 'not_set_up'],
  ])('that concerns %s is returned', async (_what, path, effect, status, error) => {
    tenant.play({ match: { path }, effect })
    const { headers, ...answer } = await ask(await aToken())
    expect(answer).toEqual({ status, body: { error } })
    expect(headers.get('retry-after')).toBe('5')
    expect(headers.get('access-control-allow-origin')).toBe('*')
    tenant.mend()
    expect((await ask(await aToken())).status).toBe(200)
  })

  it('because of unreadable keys is not returned as an invalid token', async () => {
    tenant.play({ match: { path: '^/\\.well-known/jwks' }, effect: { body: { keys: 'none' } } })
    expect((await ask(await aToken())).body).toEqual({ error: 'tenant_unreachable' })
  })

  it('is returned while more than half of the tenant’s limit is used', async () => {
    const usedUp = new Response(null, {
      headers: { 'x-ratelimit-limit': '10', 'x-ratelimit-remaining': '0' },
    })
    const ofTenant = globalThis.fetch
    vi.stubGlobal('fetch', async () => usedUp)
    await fetchTrackingQuota('https://localhost:4401/api/v2/users')
    vi.stubGlobal('fetch', ofTenant)
    const { status, headers } = await ask(await aToken())
    expect([status, headers.get('retry-after')]).toEqual([429, '1'])
    expect(tenant.calls()).toEqual([])
  })

  it('that is unexpected is returned as internal', async () => {
    ours = { ...ours, apiTokens: { verify: () => Promise.reject(new Error('secret')) } }
    const { status, body } = await ask('a.b.c')
    expect([status, body]).toEqual([500, { error: 'internal' }])
  })

  it('not_found is returned if links are made with the person’s own token', async () => {
    configure({ linkingAuthority: 'user' })
    ours = services()
    expect((await ask(await aToken())).body).toEqual({ error: 'not_found' })
  })
})

describe('every response', () => {
  it.each([
    ['the list', 'GET', true, 200],
    ['a refusal', 'GET', false, 401],
    ['a preflight', 'OPTIONS', false, 204],
    ...['POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'].map((method) => [method, method, true, 405] as const),
  ] as const)(
    'can be read by scripts, and must not be cached: %s',
    async (_what, method, hasToken, status) => {
      const answer = await ask(
        hasToken ? await aToken() : undefined,
        { origin: 'https://app.example' },
        method,
      )
      expect(answer.status).toBe(status)
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'access-control-allow-origin': '*',
        'access-control-allow-headers': 'authorization',
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        vary: 'authorization, accept-language',
      })
      for (const name of ['set-cookie', 'access-control-allow-credentials'])
        expect(answer.headers.get(name)).toBeNull()
      if (status === 405) expect(answer.headers.get('allow')).toBe('GET, OPTIONS')
      if (status === 204) expect(answer.body).toBeUndefined()
    },
  )
})
