import { describe, expect, it } from 'vitest'
import { stepPlaceOf } from '@/lib/link-flow/step-place'
import type { LinkTransaction } from '@/lib/link-flow/transaction-shape'

const GITHUB = { userId: 'github|1', connection: 'github', stays: 'current' as const }
const SAML = { userId: 'samlp|acme|2', connection: 'acme-saml', stays: 'current' as const }
const PASSWORD = { userId: 'auth0|3', connection: 'db', stays: 'candidate' as const }

const placeOf = (candidates: LinkTransaction['candidates'], changes: Partial<LinkTransaction> = {}) =>
  stepPlaceOf({
    ...{ sub: 'google-oauth2|g', connection: 'google-oauth2', clientId: 'shop', candidates },
    ...changes,
  } as LinkTransaction)

describe('stepPlaceOf', () => {
  it.each([
    ['the offered account becomes part of the current one', [GITHUB], 'github'],
    ['the current account becomes part of the offered one', [PASSWORD], 'google-oauth2'],
    [
      'the current account becomes part of either',
      [PASSWORD, { ...GITHUB, stays: 'candidate' }],
      'google-oauth2',
    ],
    ['offered accounts have different connections', [GITHUB, SAML], '(several)'],
    ['offered accounts have the same connection', [GITHUB, { ...GITHUB, userId: 'github|9' }], 'github'],
  ] as const)('returns the connection that a link adds: %s', (_when, candidates, connection) => {
    expect(placeOf([...candidates])).toEqual({ client_id: 'shop', connection })
  })

  it.each([
    ['proven', { proof: { candidate: 1, state: 's' } }],
    ['being proven', { attempt: { candidate: 1 } as LinkTransaction['attempt'] }],
    ['mistaken for another one', { wrong: { candidate: 1, isCurrent: false, provider: 'auth0' } }],
  ])('returns the connection of the account that is %s', (_how, changes) => {
    expect(placeOf([GITHUB, SAML], changes)).toEqual({ client_id: 'shop', connection: 'acme-saml' })
  })
})
