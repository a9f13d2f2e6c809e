import { describe, expect, it } from 'vitest'
import { MAX_SESSION_TOKEN_LIFE, parseSessionToken, TOKEN_PARAMETER } from '@/core'

const NOW = 1_800_000_000
const identity = (user_id: string, connection = 'db') => ({
  user_id,
  provider: user_id.slice(0, user_id.indexOf('|')),
  connection,
})
const parsed = (userId: string, connection = 'db') => {
  const { user_id, ...rest } = identity(userId, connection)
  return { userId: user_id, ...rest }
}

/** The claims that the first published version of Auth0's Action sends. */
const DOCUMENTED = {
  sub: 'google-oauth2|1',
  iss: 'example.auth0.com',
  iat: NOW,
  exp: NOW + 20,
  ip: '127.0.0.1',
  current_identity: identity('google-oauth2|1', 'google-oauth2'),
  candidate_identities: [identity('auth0|2')],
}
const OWN = {
  ...DOCUMENTED,
  exp: NOW + 120,
  purpose: 'account-link.request',
  jti: 'j',
  txn: 't',
  client_id: 'demo-app',
  client_name: 'Demo App',
  email: 'ann@example.com',
  continue_url: 'https://example.auth0.com/continue',
  ui_locales: 'de en',
  organization: 'org_1',
  previous: { result: 'failed', reason: 'blocked', at: NOW - 5 },
  candidate_identities: [
    { ...identity('auth0|2'), stays: 'current', carried: 2, mfa: true, also: ['github'] },
  ],
}
const session = (fields: object) => parseSessionToken({ ...DOCUMENTED, ...fields })
const candidates = (...raw: unknown[]) => session({ candidate_identities: raw })?.candidates

describe('TOKEN_PARAMETER', () => {
  it("is the name that Auth0's published Actions use", () => {
    expect(TOKEN_PARAMETER).toBe('session_token')
  })
})

describe('parseSessionToken', () => {
  it('reads a token of the first published Action', () => {
    expect(parseSessionToken(DOCUMENTED)).toEqual({
      contract: 'documented',
      sub: 'google-oauth2|1',
      issuer: 'example.auth0.com',
      issuedAt: NOW,
      expiresAt: NOW + 20,
      tokenId: undefined,
      transactionId: undefined,
      email: undefined,
      continueUrl: undefined,
      clientId: undefined,
      clientName: undefined,
      uiLocales: undefined,
      organization: undefined,
      previous: undefined,
      current: parsed('google-oauth2|1', 'google-oauth2'),
      candidates: [{ ...parsed('auth0|2'), hint: undefined }],
    })
  })

  it('reads a token of the second published Action', () => {
    const { email, continue_url } = OWN
    expect(session({ exp: NOW + 120, email, continue_url })).toMatchObject({
      contract: 'documented',
      email: 'ann@example.com',
      continueUrl: 'https://example.auth0.com/continue',
    })
  })

  it('reads a token of our own Action with its hints', () => {
    expect(parseSessionToken(OWN)).toEqual({
      contract: 'own',
      sub: 'google-oauth2|1',
      issuer: 'example.auth0.com',
      issuedAt: NOW,
      expiresAt: NOW + 120,
      tokenId: 'j',
      transactionId: 't',
      email: 'ann@example.com',
      continueUrl: 'https://example.auth0.com/continue',
      clientId: 'demo-app',
      clientName: 'Demo App',
      uiLocales: 'de en',
      organization: 'org_1',
      previous: { result: 'failed', at: NOW - 5 },
      current: parsed('google-oauth2|1', 'google-oauth2'),
      candidates: [
        { ...parsed('auth0|2'), hint: { stays: 'current', carried: 2, mfa: true, also: ['github'] } },
      ],
    })
  })

  it.each([null, undefined, 'x', 5, [], [DOCUMENTED]])('refuses the payload %j', (raw) => {
    expect(parseSessionToken(raw)).toBeUndefined()
  })

  it.each([
    ['sub', [undefined, null, '', 5, [], {}, 'auth0', 'auth0|', '|1']],
    ['iss', [undefined, null, 5, ['example.auth0.com'], {}]],
    ['iat', [undefined, null, String(NOW), 0, -1, NOW + 0.5, 1e308, Number.NaN, []]],
    ['exp', [undefined, null, '9999999999', -1, 1e308, NOW + 1.5, Number.POSITIVE_INFINITY, []]],
    ['purpose', [null, '', 'account-link.result', 'other', 5, {}, ['account-link.request']]],
    ['current_identity', [undefined, null, 'google-oauth2|1', [], {}, identity('auth0|9')]],
    ['candidate_identities', [undefined, null, 'auth0|2', {}, 5]],
  ] as [string, unknown[]][])('refuses a wrong %s', (name, values) => {
    expect(values.map((value) => session({ [name]: value }))).toEqual(values.map(() => undefined))
  })

  it.each([
    [0, false],
    [-1, false],
    [1, true],
    [MAX_SESSION_TOKEN_LIFE, true],
    [MAX_SESSION_TOKEN_LIFE + 1, false],
    [10 * 365 * 86_400, false],
  ])('accepts a life of %i s: %s', (life, isTaken) => {
    expect(session({ exp: NOW + life }) !== undefined).toBe(isTaken)
  })

  it("corrects the current identity's provider", () => {
    const current_identity = { ...DOCUMENTED.current_identity, provider: 'auth0' }
    expect(session({ current_identity })?.current).toMatchObject({
      provider: 'google-oauth2',
      isOtherConnection: true,
    })
  })

  it.each([
    // What the published Actions send if the person signed in with a linked identity.
    ['samlp|acme-saml|ann', 'github', 'github', true],
    ['samlp|acme-saml|ann', 'samlp', 'other-saml', true],
    ['oidc|apple|ann', 'oidc', 'acme', true],
    ['oauth2|apple|ann', 'apple', 'apple', true],
    ['auth0|1', 'google-oauth2', 'google-oauth2', true],
    ['samlp|acme-saml|ann', 'samlp', 'acme-saml', undefined],
    ['samlp|acme-saml|ann|x', 'samlp', 'acme-saml', undefined],
    // Ids of imported users may contain anything.
    ['auth0|legacy|1', 'auth0', 'Username-Password-Authentication', undefined],
    ['waad|opaque', 'waad', 'acme-azure', undefined],
    ['google-oauth2|1', 'google-oauth2', 'google-oauth2', undefined],
  ])('with %s and %s/%s recognizes a foreign connection: %s', (sub, provider, connection, isOther) => {
    const current_identity = { user_id: sub, provider, connection }
    for (const token of [
      { ...DOCUMENTED, sub, current_identity },
      { ...OWN, sub, current_identity },
    ]) {
      const { current } = parseSessionToken(token) ?? {}
      expect(current?.isOtherConnection).toBe(isOther)
      expect(current?.provider).toBe(sub.split('|')[0])
    }
  })

  it.each(['user_id', 'provider', 'connection'])('refuses a current identity without %s', (name) => {
    const current_identity = { ...DOCUMENTED.current_identity, [name]: undefined }
    expect(session({ current_identity })).toBeUndefined()
  })

  it('reads an empty list if there are no candidates', () => {
    expect(candidates()).toEqual([])
  })

  it('never lists the current identity as a candidate', () => {
    expect(candidates(DOCUMENTED.current_identity, identity('auth0|2'))).toMatchObject([
      { userId: 'auth0|2' },
    ])
  })

  it.each([
    [null],
    ['auth0|2'],
    [5],
    [[]],
    [{}],
    [{ ...identity('auth0|2'), user_id: undefined }],
    [{ ...identity('auth0|2'), user_id: 2 }],
    [{ ...identity('auth0|2'), user_id: 'auth0' }],
    [{ ...identity('auth0|2'), user_id: 'auth0|' }],
    [{ ...identity('auth0|2'), provider: undefined }],
    [{ ...identity('auth0|2'), provider: 'github' }],
    [{ ...identity('auth0|2'), connection: undefined }],
    [{ ...identity('auth0|2'), connection: '' }],
    [{ ...identity('auth0|2'), connection: 5 }],
  ])('drops the candidate %j and keeps the rest', (raw) => {
    expect(candidates(raw, identity('github|3'))).toMatchObject([{ userId: 'github|3' }])
  })

  it('keeps bars in ids', () => {
    expect(candidates(identity('samlp|acme|ann|x', 'acme'))).toMatchObject([
      { userId: 'samlp|acme|ann|x', provider: 'samlp', connection: 'acme' },
    ])
  })

  it('keeps only the first of several entries for one identity', () => {
    expect(candidates(identity('auth0|2', 'one'), identity('auth0|2', 'two'))).toMatchObject([
      { connection: 'one' },
    ])
  })

  it('keeps ten of five hundred candidates', () => {
    const many = Array.from({ length: 500 }, (_, at) => identity(`auth0|${at}`))
    expect(candidates(...many)?.map(({ userId }) => userId)).toEqual(
      many.slice(0, 10).map(({ user_id }) => user_id),
    )
  })

  it('reads no hints from a token of the published Action', () => {
    expect(candidates({ ...identity('auth0|2'), stays: 'current', mfa: true })).toMatchObject([
      { hint: undefined },
    ])
  })

  it.each([
    [{ stays: 'both' }, { stays: 'candidate' }],
    [{ stays: undefined }, { stays: 'candidate' }],
    [{ carried: '3' }, { carried: 0 }],
    [{ carried: -1 }, { carried: 0 }],
    [{ carried: 2.7 }, { carried: 2 }],
    [{ mfa: 'true' }, { mfa: false }],
    [{ also: 'github' }, { also: [] }],
    [{ also: ['github', 5, null] }, { also: ['github'] }],
    [
      { also: Array.from({ length: 99 }, () => 'x'), more: 3 },
      { also: Array.from({ length: 20 }, () => 'x'), more: 82 },
    ],
    [{ more: '3' }, { also: ['github'] }],
    [{ fields: ['theme', 5, 'locale'] }, { fields: ['theme', 'locale'] }],
    [{ since: 1_600_000_000 }, { since: 1_600_000_000 }],
  ])('reads the hint %j as %j', (fields, hint) => {
    const [entry] = OWN.candidate_identities
    const claims = parseSessionToken({ ...OWN, candidate_identities: [{ ...entry, ...fields }] })
    expect(claims?.candidates).toMatchObject([{ hint }])
  })

  it.each([
    [
      { result: 'unknown', at: NOW },
      { result: 'unknown', at: NOW },
    ],
    [{ result: 'linked', at: NOW }, undefined],
    [{ result: 'failed' }, undefined],
    [{ result: 'failed', at: '5' }, undefined],
    [{ result: 'failed', at: 0 }, undefined],
    [{ result: 'failed', at: -5 }, undefined],
    ['failed', undefined],
  ])('reads the previous outcome %j as %j', (previous, expected) => {
    expect(parseSessionToken({ ...OWN, previous })?.previous).toEqual(expected)
  })

  it.each(['email', 'continue_url', 'client_id', 'client_name', 'ui_locales', 'organization', 'jti', 'txn'])(
    'reads a %s that is empty or no string as missing',
    (name) => {
      const whole = parseSessionToken({ ...OWN, [name]: undefined })
      for (const value of [5, '', null, {}, ['x']])
        expect(parseSessionToken({ ...OWN, [name]: value })).toEqual(whole)
    },
  )

  it('ignores unknown claims', () => {
    const smuggled = {
      result: 'link',
      primary_identity: identity('auth0|9'),
      redirect_uri: 'https://evil.test',
    }
    expect(session(smuggled)).toEqual(parseSessionToken(DOCUMENTED))
  })

  it('is not misled by property names that objects inherit', () => {
    const raw = JSON.parse(
      JSON.stringify(DOCUMENTED).replace('{', '{"__proto__":{"email":"x"},"constructor":1,'),
    )
    expect(parseSessionToken(raw)).toEqual(parseSessionToken(DOCUMENTED))
    expect({}).not.toHaveProperty('email')
  })
})

describe('the rights in a session token', () => {
  const rightsOf = (rights: unknown) => {
    const candidate = { ...identity('auth0|2'), rights }
    return parseSessionToken({ ...OWN, candidate_identities: [candidate] })?.candidates[0]?.hint?.rights
  }
  const NOTHING = { roles: [], organizations: [], permissions: 0, more: 0, enroll: false, lost: [] }

  it('are read as written, except the digest, which is for the Action only', () => {
    const rights = {
      ...{ roles: ['Editor'], organizations: ['Acme'], permissions: 3, more: 2, enroll: true },
      lost: ['permissions', 'factors'],
    }
    expect(rightsOf({ ...rights, digest: '0123456789ab' })).toEqual(rights)
  })

  it('are empty if the token has none', () => {
    expect(rightsOf({})).toEqual(NOTHING)
    for (const none of [undefined, null, 'all', ['roles']]) expect(rightsOf(none)).toBeUndefined()
  })

  it('omit values of the wrong type', () => {
    const rights = {
      ...{ roles: 'Editor', organizations: [7, 'Acme'], permissions: -1, more: '2', enroll: 'true' },
      lost: ['everything', 5, 'roles'],
    }
    expect(rightsOf(rights)).toEqual({ ...NOTHING, organizations: ['Acme'], lost: ['roles'] })
  })

  it('list no more names than the limit', () => {
    const many = Array.from({ length: 500 }, (_, at) => `name ${at}`)
    const { roles = [], organizations = [] } = rightsOf({ roles: many, organizations: many }) ?? {}
    expect(roles).toHaveLength(20)
    expect(roles).toEqual(many.slice(0, roles.length))
    expect(organizations).toEqual(roles)
  })
})
