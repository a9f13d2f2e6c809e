import { generateKeyPairSync } from 'node:crypto'
import { beforeEach, describe, expect, inject, it } from 'vitest'
import { FlowBrowser } from '../support/browser/flow-browser'
import { BUTTONS, claimsOf, errorCode, Flow, GOOGLE_ANN, PASSWORD_ANN, textOf } from '../support/flow/flow'

const flow = new Flow(inject('flowDemo'))
const { tenant, demo } = flow
beforeEach(() => tenant.reset())

const { host } = new URL(demo.tls)
const now = () => Math.floor(Date.now() / 1000)
const MALLORY = { user_id: 'google-oauth2|mallory', provider: 'google-oauth2', connection: 'google-oauth2' }

/** Opens a token in a new browser, and follows no redirect out of the application. */
function open(token: string, state = crypto.randomUUID()) {
  return new FlowBrowser().visit(flow.linkUrl(token, state), { stopAt: demo.tenant })
}

describe('GET /link with a token signed with the shared secret', () => {
  it.each<[string, Record<string, unknown>]>([
    ['A14 without `exp`', { exp: null }],
    ['A15 with a text for `exp`', { exp: '9999999999' }],
    ['A15 with a negative `exp`', { exp: -1 }],
    ['A15 with an `exp` out of range', { exp: 1e308 }],
    ['A15 with a fraction for `exp`', { exp: now() + 60.5 }],
    ['A15 with a list for `exp`', { exp: [] }],
    ['A16 without `iat`', { iat: null }],
    ['A16 with an `iat` more than an hour ahead', { iat: now() + 3_660, exp: now() + 3_700 }],
    ['A17 that is valid for 901 s', { iat: now(), exp: now() + 901 }],
    ['A17 that is valid for ten years', { exp: now() + 315_360_000 }],
    ['A18 that is valid only in two hours', { nbf: now() + 7_200 }],
    ['A19 of another tenant', { iss: 'other.example' }],
    ['A19 of a host that begins alike', { iss: `${host}.evil.test` }],
    ['A19 with a URL for its issuer', { iss: `https://${host}/` }],
    ['A19 with its issuer in capitals', { iss: host.toUpperCase() }],
    ['A19 with several issuers', { iss: [host] }],
    ['A19 without issuer', { iss: null }],
    ['A20 without subject', { sub: null }],
    ['A20 with an empty subject', { sub: '' }],
    ['A20 with a number for its subject', { sub: 5 }],
    ['A20 with a list for its subject', { sub: [] }],
    ['A21 about someone else', { current_identity: MALLORY }],
    ['A22 without candidates', { candidate_identities: null }],
    ['A22 with text for candidates', { candidate_identities: 'auth0|ann' }],
    ['A22 with an object for candidates', { candidate_identities: {} }],
    ['A29 that is a response token', { purpose: 'account-link.result' }],
    ['A30 of another purpose', { purpose: 'password-reset' }],
  ])('%s is refused', async (_row, claims) => {
    const page = await open(await flow.sessionToken(claims))
    expect([page.status, errorCode(page)]).toEqual([400, 'bad_token'])
    expect(await tenant.writes()).toEqual([])
  })

  it.each<[string, Record<string, unknown>]>([
    ['A22 no candidate', { candidate_identities: [] }],
    ['A23 only the current account', { candidate_identities: [GOOGLE_ANN] }],
    [
      'A24 only half-formed candidates',
      {
        candidate_identities: [
          { ...PASSWORD_ANN, user_id: 5 },
          { ...PASSWORD_ANN, user_id: 'nobar' },
          { ...PASSWORD_ANN, provider: 'google-oauth2' },
          { user_id: 'auth0|ann', provider: 'auth0' },
          { user_id: 'auth0|ann', connection: 'Username-Password-Authentication' },
          null,
        ],
      },
    ],
    [
      'no candidate of a trusted connection, in a documented token',
      {
        purpose: null,
        candidate_identities: [{ user_id: 'samlp|x|1', provider: 'samlp', connection: 'x' }],
      },
    ],
  ])('with %s: the login goes on at once, with a response token that links nothing', async (_row, claims) => {
    const { url } = await open(await flow.sessionToken(claims), 'st&=+')
    expect(url.origin + url.pathname).toBe(`${demo.tenant}/continue`)
    expect(url.searchParams.get('state')).toBe('st&=+')
    const [, payload = ''] = url.searchParams.get('session_token')?.split('.') ?? []
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({ result: 'skipped' })
  })

  it('A23 never offers the current account', async () => {
    const page = await open(await flow.sessionToken({ candidate_identities: [GOOGLE_ANN, PASSWORD_ANN] }))
    expect(page.html.querySelectorAll('input[type=radio]')).toEqual([])
    expect(textOf(page)).toMatch(/Email and password ann@example\.com Found/)
  })

  it('A25 offers ten candidates at most', async () => {
    const candidates = Array.from({ length: 50 }, (_, index) => ({
      user_id: `github|${index}`,
      provider: 'github',
      connection: 'github',
    }))
    const page = await open(await flow.sessionToken({ candidate_identities: candidates }))
    const { length } = page.html.querySelectorAll('input[type=radio]')
    expect(length).toBeGreaterThan(1)
    expect(length).toBeLessThanOrEqual(10)
  })

  it('A27, A28 ignores claims that mean something in other tokens', async () => {
    const token = await flow.sessionToken({
      constructor: { prototype: { isAdmin: true } },
      result: 'link',
      primary_identity: MALLORY,
      redirect_uri: 'https://evil.example/',
      continue_uri: 'https://evil.example/',
      continue_url: 'https://evil.example/continue',
      role: 'admin',
    })
    const page = await open(token)
    expect(textOf(page)).toContain('Google ann@example.com Signing in')
    expect(page.html.toString()).not.toMatch(/evil\.example|mallory/)
  })

  it.each([['../../dev/null'], ['/proc/self/environ'], ["' OR 1=1--"]])(
    'A10 never looks up the key id %s',
    async (kid) => {
      expect((await open(await flow.sessionToken({}, { kid }))).url.pathname).toBe('/link/prompt')
    },
  )
})

describe('GET /link with a token that the tenant did not make', () => {
  const rows: [string, () => Promise<string> | string][] = [
    ...['', 'x', 'a.b', 'a.b.c.d', '..', '\0'].map((token): [string, () => string] => [
      `A03 ${JSON.stringify(token)}`,
      () => token,
    ]),
    ...['none', 'None', 'NONE', 'nOnE'].map((alg): [string, () => Promise<string>] => [
      `A04 unsigned as ${alg}`,
      () => flow.sessionToken({}, { alg }),
    ]),
    ...['HS384', 'HS512', 'hs256', 'RS256', 'EdDSA'].map((alg): [string, () => Promise<string>] => [
      `A05 with ${alg} in its header`,
      () => flow.sessionToken({}, { alg }),
    ]),
    ['A05 signed by the tenant’s RSA key', () => flow.sessionToken({}, {}, 'tenant')],
    ['A07 signed with a guess', () => flow.sessionToken({}, {}, 'secret')],
    [
      'A07 signed with the linking client’s secret',
      () => flow.sessionToken({}, {}, demo.env.LINKING_CLIENT_SECRET),
    ],
    ['A07 signed with the flow secret', () => flow.sessionToken({}, {}, demo.env.FLOW_SECRET)],
    [
      'A07 signed with the secret in base64',
      () =>
        flow.sessionToken({}, {}, Buffer.from(demo.env.SESSION_TOKEN_SHARED_SECRET ?? '').toString('base64')),
    ],
    ['A12 with a critical header', () => flow.sessionToken({}, { crit: ['foo'], foo: 1 })],
    ['A12 with an unencoded payload', () => flow.sessionToken({}, { crit: ['b64'], b64: false })],
  ]
  it.each(rows)('%s is refused, and the page offers only a new sign-in', async (_row, make) => {
    const page = await open(await make())
    expect([page.status, errorCode(page)]).toEqual([400, 'bad_token'])
    expect(page.html.querySelectorAll('form')).toEqual([])
    expect(page.html.querySelectorAll('a').map((link) => link.getAttribute('href'))).toContain(
      demo.env.RESTART_URL,
    )
  })

  it('A06 signed with the tenant’s public key as an HMAC secret is refused', async () => {
    const { keys } = await fetch(`${demo.tenant}/.well-known/jwks.json`).then((response) => response.json())
    const page = await open(await flow.sessionToken({}, {}, JSON.stringify(keys[0])))
    expect(errorCode(page)).toBe('bad_token')
  })

  it.each(['jwk', 'jku', 'x5u'])('A11 with its own key in the header %s is refused', async (name) => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const value = name === 'jwk' ? publicKey.export({ format: 'jwk' }) : 'https://evil.example/keys'
    const token = await flow.sessionToken({}, { [name]: value }, privateKey.export({ format: 'jwk' }))
    expect(errorCode(await open(token))).toBe('bad_token')
  })

  it('A08 that is an ID token of the tenant is refused', async () => {
    const token = await tenant.mint(
      { sub: 'auth0|ann', iss: `${demo.tenant}/`, aud: 'linking' },
      {},
      'tenant',
    )
    expect(errorCode(await open(token))).toBe('bad_token')
  })

  it('A03 of a megabyte is refused without a server error', async () => {
    const sent = fetch(flow.linkUrl('x'.repeat(1_000_000), 'st'), { redirect: 'manual' })
    // The server responds and closes the connection while the client is still sending, so the response may be lost.
    const status = await sent.then(
      (answer) => answer.status,
      () => 'broken',
    )
    expect([400, 413, 414, 431, 'broken']).toContain(status)
    expect((await fetch(`${flow.demo.app}/healthz`)).status).toBe(200)
  })
})

describe('GET /link with missing, repeated or invalid parameters', () => {
  it.each<[string, string, (token: string) => string]>([
    ['A01 no token', 'missing_token', () => 'state=st'],
    ['A02 no state', 'missing_state', (token) => `session_token=${token}`],
    ['A02 an empty state', 'missing_state', (token) => `session_token=${token}&state=`],
    ['A37 two tokens', 'bad_request', (token) => `session_token=${token}&session_token=x&state=st`],
    [
      'A37 two tokens the other way round',
      'bad_request',
      (token) => `session_token=x&session_token=${token}&state=st`,
    ],
    ['A37 a list', 'bad_request', (token) => `session_token[]=${token}&state=st`],
    ['A37 two states', 'bad_request', (token) => `session_token=${token}&state=st&state=other`],
    ['A37 another spelling', 'bad_request', (token) => `SESSION_TOKEN=${token}&state=st`],
    ['G06 a control character in the state', 'bad_state', (token) => `session_token=${token}&state=a%0Ab`],
    ['A38 a token in the fragment only', 'missing_token', (token) => `state=st#session_token=${token}`],
  ])('%s: %s', async (_row, code, query) => {
    const token = await flow.sessionToken()
    const page = await new FlowBrowser().visit(`${demo.app}/link?${query(token)}`)
    expect([page.status, errorCode(page)]).toEqual([400, code])
  })

  it('A38 a token in a header or a cookie does not count', async () => {
    const token = await flow.sessionToken()
    const headers = { authorization: `Bearer ${token}`, cookie: `session_token=${token}` }
    const page = await new FlowBrowser().visit(`${demo.app}/link?state=st`, { headers })
    expect(errorCode(page)).toBe('missing_token')
  })

  it.each(['POST', 'PUT', 'DELETE', 'PATCH'])('A36 refuses %s', async (method) => {
    const token = await flow.sessionToken()
    const response = await fetch(flow.linkUrl(token, 'st'), { method })
    expect(response.status).toBe(405)
    expect((await open(token)).url.pathname).toBe('/link/prompt')
  })
})

describe('B01 the tenant’s state', () => {
  const ALPHABET = 'abcXYZ019-_.~+/=%:,!*()@ ü\u{1F511}&?#;"<'
  const randomState = (length: number) =>
    Array.from({ length }, () => [...ALPHABET][Math.floor(Math.random() * [...ALPHABET].length)]).join('')

  it('comes back byte for byte, in the URL and in the response token', async () => {
    const states = [...Array.from({ length: 99 }, (_, index) => randomState(4 + index)), 's'.repeat(1000)]
    for (const state of states) {
      const browser = new FlowBrowser()
      const prompt = await browser.visit(flow.linkUrl(await flow.sessionToken(), state))
      expect(prompt.url.pathname, state).toBe('/link/prompt')
      const { url } = await browser.press(prompt, BUTTONS.notNow, {}, { stopAt: demo.tenant })
      expect(url.searchParams.get('state')).toBe(state)
      expect(url.search).toBe(`?state=${encodeURIComponent(state)}`)
      const token = prompt.html.querySelector('input[name=session_token]')?.getAttribute('value') ?? ''
      const [, payload = ''] = token.split('.')
      expect(JSON.parse(Buffer.from(payload, 'base64url').toString()).state).toBe(state)
    }
  })
})

describe('a token from the tenant itself', () => {
  it('is still accepted after all of these', async () => {
    const browser = new FlowBrowser()
    const done = await browser.press(await flow.annAtConfirm(browser), BUTTONS.link)
    expect(claimsOf(done).sub).toBe('auth0|ann')
  })
})
