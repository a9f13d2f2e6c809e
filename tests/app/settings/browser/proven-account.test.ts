import { describe, expect, it } from 'vitest'
import { parseAnswer } from '@/app/settings/connected-accounts/browser/_flow/proven-account'

const ATTEMPT = { state: 'S', nonce: 'N', wantsToken: false, tookSeconds: 20 }
const NOW = 1_760_000_000
const CLAIMS = {
  sub: 'samlp|acme|ann',
  nonce: 'N',
  iat: NOW,
  auth_time: NOW - 5,
  email: 'ann@example.com',
  email_verified: true,
}
const answerWith = (claims: object, answer: object = {}) => ({
  state: 'S',
  idToken: 'ID',
  idTokenPayload: { ...CLAIMS, ...claims },
  accessToken: null,
  ...answer,
})

describe('parseAnswer', () => {
  it('reads the account that signed in; its provider ends at the first bar of the subject', () => {
    expect(parseAnswer(answerWith({}), ATTEMPT)).toEqual({
      account: {
        userId: 'samlp|acme|ann',
        provider: 'samlp',
        email: 'ann@example.com',
        isEmailVerified: true,
        idToken: 'ID',
        accessToken: '',
      },
    })
  })

  it.each([
    ['no address', { email: undefined }, { email: undefined }],
    ['an empty address', { email: '' }, { email: undefined }],
    ['nothing on verification', { email_verified: undefined }, { isEmailVerified: false }],
    ['a text on verification', { email_verified: 'true' }, { isEmailVerified: false }],
  ])('accepts an account with %s', (_what, claims, expected) => {
    expect(parseAnswer(answerWith(claims), ATTEMPT)).toMatchObject({ account: expected })
  })

  it.each<[string, unknown]>([
    ['nothing', null],
    ['another state', answerWith({}, { state: 'other' })],
    ['no ID token', answerWith({}, { idToken: null })],
    ['no claims', answerWith({}, { idTokenPayload: null })],
    ['another nonce', answerWith({ nonce: 'other' })],
    ['no nonce', answerWith({ nonce: undefined })],
    ['no subject', answerWith({ sub: undefined })],
    ['a subject that is no user id', answerWith({ sub: 'ann' })],
  ])('refuses an answer with %s', (_what, answer) => {
    expect(parseAnswer(answer, ATTEMPT)).toEqual({ code: 'bad_id_token' })
  })

  it('accepts an access token only if it was requested and at_hash binds it to the ID token', () => {
    const wanting = { ...ATTEMPT, wantsToken: true }
    const answer = (claims: object, accessToken: unknown) => answerWith(claims, { accessToken })
    expect(parseAnswer(answer({ at_hash: 'H' }, 'AT'), wanting)).toMatchObject({
      account: { accessToken: 'AT' },
    })
    expect(parseAnswer(answer({ at_hash: 'H' }, null), wanting)).toEqual({ code: 'bad_id_token' })
    expect(parseAnswer(answer({}, 'AT'), wanting)).toEqual({ code: 'bad_id_token' })
    expect(parseAnswer(answer({ at_hash: 'H' }, 'AT'), ATTEMPT)).toMatchObject({
      account: { accessToken: '' },
    })
  })

  it.each([
    ['as the window was opened', NOW - 20, true],
    ['30 s before, by a clock that is behind', NOW - 50, true],
    ['31 s before', NOW - 51, false],
    ['at a time that is no number', String(NOW), false],
    ['at no time', undefined, false],
  ])('decides whether a sign-in is fresh that was made %s', (_when, auth_time, isTaken) => {
    const result = parseAnswer(answerWith({ auth_time }), ATTEMPT)
    expect(result.code).toBe(isTaken ? undefined : 'reauth_required')
  })

  it('refuses a token without iat as reauth_required', () => {
    expect(parseAnswer(answerWith({ iat: undefined }), ATTEMPT)).toEqual({ code: 'reauth_required' })
  })
})
