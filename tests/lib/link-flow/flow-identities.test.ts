import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { splitList } from '@/core'
import type { SessionTokenClaims, TokenCandidate } from '@/core/contract-session-token'
import { chooseOffer, primaryAndSecondary } from '@/lib/link-flow/flow-identities'
import type { LinkTransaction } from '@/lib/link-flow/transaction-shape'
import { APP_ENVIRONMENT } from '../../support/process/app-environment'
import { configurePolicy, services } from '../../support/process/services'

beforeAll(() => {
  for (const [name, value] of Object.entries(APP_ENVIRONMENT)) vi.stubEnv(name, value)
  vi.stubEnv('TRUSTED_CONNECTIONS', 'auth0,google-oauth2,samlp:acme-saml')
  vi.stubEnv('BLOCKED_CONNECTIONS', 'legacy-db')
})
afterAll(() => {
  vi.unstubAllEnvs()
})

const anIdentity = (userId: string, connection: string) => ({
  userId,
  connection,
  provider: userId.split('|')[0] ?? '',
})
const aCandidate = (userId: string, connection: string, hint?: TokenCandidate['hint']): TokenCandidate => ({
  ...anIdentity(userId, connection),
  hint,
})
const claimsWith = (
  candidates: TokenCandidate[],
  { userId = 'google-oauth2|1', continueUrl = undefined as string | undefined } = {},
): SessionTokenClaims => ({
  contract: 'documented',
  sub: userId,
  issuer: 'localhost:4401',
  issuedAt: 1,
  expiresAt: 2,
  tokenId: undefined,
  transactionId: undefined,
  email: undefined,
  continueUrl,
  clientId: undefined,
  clientName: undefined,
  uiLocales: undefined,
  previous: undefined,
  current: anIdentity(userId, userId.startsWith('samlp') ? 'acme-saml' : 'current'),
  candidates,
})
const PASSWORD = aCandidate('auth0|2', 'db')
const SAML = aCandidate('samlp|acme|ann', 'acme-saml')

describe('chooseOffer', () => {
  it('offers accounts that the operator trusts by provider or connection, except blocked ones', () => {
    const blocked = aCandidate('auth0|3', 'legacy-db')
    const untrusted = aCandidate('github|4', 'github')
    const offer = chooseOffer(services(), claimsWith([blocked, untrusted, PASSWORD, SAML]))
    expect(offer.offered?.map(({ userId }) => userId)).toEqual(['auth0|2', 'samlp|acme|ann'])
  })

  it('checks the current account against the same lists', () => {
    expect(chooseOffer(services(), claimsWith([PASSWORD], { userId: 'github|1' }))).toEqual({
      reason: 'no_candidates',
    })
  })

  it.each([
    ['samlp:acme-saml,auth0', '', true, 'no_candidates'],
    ['acme-saml,auth0', '', true, 'no_candidates'],
    ['github,auth0', '', true, 'no_candidates'],
    ['samlp,auth0', '', true, undefined],
    ['samlp,auth0', 'samlp:acme-saml', true, 'no_candidates'],
    ['samlp,auth0', 'acme-saml', true, 'no_candidates'],
    ['samlp,auth0', 'github', true, undefined],
    ['samlp:acme-saml,auth0', '', undefined, undefined],
  ])(
    'trusting %s and blocking %s, for a token with a foreign connection (%s): %s',
    (trusted, blocked, isOther, reason) => {
      configurePolicy({ trusted: splitList(trusted), blocked: splitList(blocked) })
      const { current, ...claims } = claimsWith([PASSWORD], { userId: 'samlp|acme|ann' })
      const offer = chooseOffer(services(), {
        ...claims,
        current: { ...current, ...(isOther && { isOtherConnection: true }) },
      })
      expect(offer.reason).toBe(reason)
    },
  )

  it('leaves trust to our own Action, which has its own lists', () => {
    const untrusted = aCandidate('github|4', 'github')
    const claims: SessionTokenClaims = { ...claimsWith([untrusted], { userId: 'github|1' }), contract: 'own' }
    expect(chooseOffer(services(), claims).offered?.map(({ userId }) => userId)).toEqual(['github|4'])
  })

  it('returns a reason if no account remains', () => {
    expect(chooseOffer(services(), claimsWith([aCandidate('github|4', 'github')]))).toEqual({
      reason: 'no_candidates',
    })
  })

  it('uses the hint of our own Action for which account stays and what is carried over', () => {
    const also = ['github', 'linkedin', 'apple', 'samlp:acme', 'facebook']
    const told = { carried: 2, fields: ['theme'], mfa: true, also, more: 3, since: 1_600_000_000 }
    const offer = chooseOffer(
      services(),
      claimsWith([aCandidate('auth0|2', 'db', { stays: 'current', ...told })]),
    )
    expect(offer.offered).toEqual([{ userId: 'auth0|2', connection: 'db', stays: 'current', ...told }])
  })

  const saml = 'samlp|acme|1'
  const continueUrl = 'https://tenant.example.com/continue'
  it.each([
    ['the candidate stays by default', 'google-oauth2|1', undefined, PASSWORD, 'candidate'],
    ['the candidate stays with the older Action, whatever the bars', saml, undefined, SAML, 'candidate'],
    ['the candidate stays when only it has several bars', 'google-oauth2|1', continueUrl, SAML, 'candidate'],
    ['the current one stays if the newer Action would cut its id', saml, continueUrl, PASSWORD, 'current'],
  ])('with a token of the published Action: %s', (_what, userId, url, candidate, stays) => {
    expect(
      chooseOffer(services(), claimsWith([candidate], { userId, continueUrl: url })).offered?.[0]?.stays,
    ).toBe(stays)
  })

  it('offers no pair if the newer Action would cut the id of either account', () => {
    expect(chooseOffer(services(), claimsWith([SAML], { userId: saml, continueUrl }))).toEqual({
      reason: 'not_linkable_here',
    })
  })
})

describe('primaryAndSecondary', () => {
  it.each([
    ['candidate', 'auth0|2', 'google-oauth2|1'],
    ['current', 'google-oauth2|1', 'auth0|2'],
  ] as const)('makes the account that stays the primary: %s', (stays, primary, secondary) => {
    const transaction = { sub: 'google-oauth2|1', connection: 'google-oauth2' } as LinkTransaction
    expect(primaryAndSecondary(transaction, { userId: 'auth0|2', connection: 'db', stays })).toMatchObject({
      primary: { userId: primary, provider: primary.split('|')[0] },
      secondary: { userId: secondary, provider: secondary.split('|')[0] },
    })
  })
})
