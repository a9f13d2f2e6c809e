import { describe, expect, it } from 'vitest'
import {
  parseResponseToken,
  RESULT_PURPOSE,
  type ResponseClaims,
  toResponsePayload,
  toWireIdentity,
} from '@/core'

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

const RESPONSE = {
  iss: 'https://app.example.com',
  sub: 'google-oauth2|1',
  state: 's',
  jti: 'j',
  txn: 't',
  iat: NOW,
  exp: NOW + 120,
  purpose: RESULT_PURPOSE,
  result: 'link',
  primary_identity: identity('auth0|2'),
  secondary_identity: identity('google-oauth2|1', 'google-oauth2'),
}
describe('toWireIdentity', () => {
  it('converts an identity to the wire format', () => {
    expect(toWireIdentity(parsed('samlp|acme|1', 'acme'))).toEqual(identity('samlp|acme|1', 'acme'))
  })
})

const CLAIMS: ResponseClaims = {
  issuer: 'https://app.example.com',
  sub: 'google-oauth2|1',
  state: 's',
  tokenId: 'j',
  transactionId: 't',
  result: 'link',
  never: false,
  primary: parsed('auth0|2'),
  secondary: parsed('google-oauth2|1', 'google-oauth2'),
}

describe('toResponsePayload', () => {
  it('writes the claims in wire format, and nothing else', () => {
    const { iss: _iss, iat: _iat, exp: _exp, ...expected } = RESPONSE
    expect(toResponsePayload(CLAIMS)).toEqual(expected)
  })

  it('omits claims that are not set', () => {
    const { primary: _primary, secondary: _secondary, ...rest } = CLAIMS
    const claims = { ...rest, primary: undefined, secondary: undefined, transactionId: undefined }
    expect(toResponsePayload({ ...claims, result: 'declined', never: true })).toEqual({
      sub: 'google-oauth2|1',
      state: 's',
      jti: 'j',
      purpose: RESULT_PURPOSE,
      result: 'declined',
      never: true,
    })
  })

  it('writes how far the dates are ahead, if they are', () => {
    const claims = { ...CLAIMS, result: 'failed', primary: undefined, secondary: undefined } as const
    expect(toResponsePayload({ ...claims, ahead: 60 })).toMatchObject({ ahead: 60 })
    for (const ahead of [0, undefined])
      expect(Object.keys(toResponsePayload({ ...claims, ahead }))).not.toContain('ahead')
  })
})

describe('parseResponseToken', () => {
  const response = (fields: object) => parseResponseToken({ ...RESPONSE, ...fields })
  const without = { primary_identity: undefined, secondary_identity: undefined }

  it('reads what toResponsePayload writes', () => {
    expect(parseResponseToken(RESPONSE)).toEqual(CLAIMS)
  })

  it.each(['declined', 'failed', 'skipped'])('reads the result %s', (result) => {
    expect(response({ ...without, result })).toMatchObject({
      result,
      primary: undefined,
      secondary: undefined,
    })
  })

  it.each([
    [true, true],
    ['true', false],
    [1, false],
    [undefined, false],
  ])('reads never %j as %s', (never, expected) => {
    expect(response({ ...without, result: 'declined', never })?.never).toBe(expected)
  })

  it.each([null, 'x', [], 5])('refuses the payload %j', (raw) => {
    expect(parseResponseToken(raw)).toBeUndefined()
  })

  it.each([
    ['purpose', [undefined, 'account-link.request', '', 5]],
    ['iss', [undefined, '', 5]],
    ['sub', [undefined, '', 5]],
    ['state', [undefined, '', 5]],
    ['jti', [undefined, '', 5]],
    ['result', [undefined, '', 'linked', 5]],
    ['primary_identity', [undefined, null, 'auth0|2', {}, { ...identity('auth0|2'), user_id: 'auth0' }]],
    ['secondary_identity', [undefined, null, 'auth0|2', {}, { ...identity('auth0|2'), provider: 5 }]],
  ] as [string, unknown[]][])('refuses a wrong %s', (name, values) => {
    expect(values.map((value) => response({ [name]: value }))).toEqual(values.map(() => undefined))
  })

  it.each([1, 3_600, undefined])('accepts dates that are %s s ahead', (ahead) => {
    expect(response({ ...without, result: 'failed', ahead })?.ahead).toBe(ahead)
  })

  it('refuses dates ahead by a fraction, by more than an hour, or of a link', () => {
    for (const ahead of [0, -1, 0.5, 3_601, '60', null])
      expect(response({ ...without, result: 'failed', ahead }), `${ahead}`).toBeUndefined()
    expect(response({ ahead: 60 })).toBeUndefined()
  })

  it('refuses identities with a result other than link', () => {
    expect(response({ result: 'declined' })).toBeUndefined()
  })

  it('refuses a session token', () => {
    const { result: _result, ...claims } = RESPONSE
    expect(parseResponseToken({ ...claims, purpose: 'account-link.request' })).toBeUndefined()
  })
})

describe('the sign-in that proved the other account', () => {
  const at = NOW - 9
  it.each<[string, ResponseClaims['proof'], object]>([
    ['its time and session', { authTime: at, sid: 's' }, { proof_auth_time: at, proof_sid: 's' }],
    ['its time, if the session has no id', { authTime: at, sid: undefined }, { proof_auth_time: at }],
    ['nothing, if it is unknown', undefined, {}],
  ])('is written as %s, and read again', (_what, proof, expected) => {
    const payload = toResponsePayload({ ...CLAIMS, result: 'link', proof })
    const said = Object.entries(payload).filter(([name]) => name.startsWith('proof'))
    expect(Object.fromEntries(said)).toEqual(expected)
    expect(parseResponseToken({ ...RESPONSE, ...payload })?.proof).toEqual(proof)
  })

  it.each([
    [{ proof_auth_time: 'now', proof_sid: 's' }],
    [{ proof_auth_time: 0, proof_sid: 's' }],
    [{ proof_sid: 's' }],
    [{}],
  ])('is not read from %j', (claims) => {
    expect(parseResponseToken({ ...RESPONSE, ...claims })?.proof).toBeUndefined()
  })

  it('is read only if the result is link', () => {
    const declined = {
      ...{ ...RESPONSE, result: 'declined', proof_auth_time: at },
      ...{ primary_identity: undefined, secondary_identity: undefined },
    }
    expect(parseResponseToken(declined)).toMatchObject({ result: 'declined' })
    expect(parseResponseToken(declined)?.proof).toBeUndefined()
  })
})
