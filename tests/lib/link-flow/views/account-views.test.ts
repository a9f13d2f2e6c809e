import { beforeEach, describe, expect, it, vi } from 'vitest'
import { connectionNames } from '@/lib/auth0/connection-names'
import type { FlowCandidate, LinkTransaction } from '@/lib/link-flow/transaction-shape'
import {
  candidateAccount,
  candidateEffects,
  currentAccount,
  knownIn,
} from '@/lib/link-flow/views/account-views'
import { en } from '@/lib/messages/en'
import { APP_ENVIRONMENT } from '../../../support/process/app-environment'
import { services } from '../../../support/process/services'

vi.mock('@/lib/auth0/connection-names', () => ({ connectionNames: vi.fn() }))

const { effects } = en
const OWN = 'Email and password'
const UPA = 'Username-Password-Authentication'
const candidate = (fields: Partial<FlowCandidate> = {}): FlowCandidate => ({
  userId: 'auth0|kim',
  connection: UPA,
  stays: 'candidate',
  ...fields,
})
const flow = (fields: Partial<LinkTransaction> = {}) =>
  ({
    sub: 'google-oauth2|kg',
    connection: 'google-oauth2',
    candidates: [candidate()],
    ...fields,
  }) as LinkTransaction

beforeEach(() => {
  for (const [name, value] of Object.entries(APP_ENVIRONMENT)) vi.stubEnv(name, value)
  vi.mocked(connectionNames).mockReset()
  vi.mocked(connectionNames).mockResolvedValue([
    { name: UPA, strategy: 'auth0' },
    { name: 'legacy-db', strategy: 'auth0', displayName: 'Old accounts' },
    { name: 'acme-saml', strategy: 'samlp', displayName: 'Acme' },
  ])
})

const named = async (transaction: LinkTransaction) => {
  const known = await knownIn(services(), en, transaction)
  return [
    currentAccount(en, transaction, known).provider,
    ...transaction.candidates.map((each) => candidateAccount(en, transaction, each, known).provider),
  ]
}

describe('the accounts of a flow', () => {
  it('are named without a request to the tenant if provider names suffice', async () => {
    expect(await named(flow())).toEqual(['Google', 'Email and password'])
    expect(connectionNames).not.toHaveBeenCalled()
  })

  it.each<[string, Partial<LinkTransaction>, string[]]>([
    [
      'two databases',
      { candidates: [candidate(), candidate({ userId: 'auth0|old', connection: 'legacy-db' })] },
      ['Google', 'Email and password', 'Old accounts'],
    ],
    [
      'an enterprise connection',
      { sub: 'samlp|acme-saml|kim', connection: 'acme-saml' },
      ['Acme', 'Email and password'],
    ],
    [
      'an account with a foreign connection in the token',
      { sub: 'samlp|acme-saml|kim', connection: 'github', isOtherConnection: true },
      ['samlp', 'Email and password'],
    ],
  ])("are distinguished by the operator's names of connections: %s", async (_what, fields, expected) => {
    expect(await named(flow(fields))).toEqual(expected)
    expect(connectionNames).toHaveBeenCalledOnce()
  })

  it("are distinguished by the connections' technical names if those cannot be read", async () => {
    vi.mocked(connectionNames).mockResolvedValue([])
    const candidates = [candidate(), candidate({ userId: 'auth0|old', connection: 'legacy-db' })]
    expect(await named(flow({ candidates }))).toEqual([
      'Google',
      `Email and password (${UPA})`,
      'Email and password (legacy-db)',
    ])
  })

  it('contain the time of creation if the token has it', () => {
    const of = (fields: Partial<FlowCandidate>) => candidateAccount(en, flow(), candidate(fields), []).further
    expect(of({ since: 1_672_531_200 })).toBe('created January 1, 2023')
    expect(of({})).toBeUndefined()
  })
})

describe('candidateEffects', () => {
  const said = (fields: Partial<FlowCandidate>, isProven = false) =>
    candidateEffects(en, candidate(fields), [], isProven)

  it('list every further sign-in method, and count those that the token omits', () => {
    const also = ['windowslive', 'linkedin', 'facebook', 'github', 'github', 'samlp:github']
    const providers = (last: string) => `Microsoft, LinkedIn, Facebook, GitHub (2), ${last}`
    expect(said({ also })).toContain(
      effects.also({ provider: OWN, providers: providers('and github (samlp)') }),
    )
    const more = providers('github (samlp), and 4 more ways to sign in')
    expect(said({ also, more: 4 })).toContain(effects.also({ provider: OWN, providers: more }))
    expect(said({ more: 2 })).toContain(effects.also({ provider: OWN, providers: '2 more ways to sign in' }))
    expect(said({}).join()).not.toContain('also opens with')
  })

  it('count the carried-over fields before the account is proven, and name them afterwards', () => {
    const fields = { carried: 3, fields: ['theme', 'payout_account'] }
    expect(said(fields)).toContain(effects.carried({ count: 3 }))
    expect(said(fields).join()).not.toContain('payout_account')
    expect(said(fields, true)).toContain(
      effects.carriedFields({ fields: 'theme, payout_account, and 1 more detail' }),
    )
    // Older Actions send only the number.
    expect(said({ carried: 3 }, true)).toContain(effects.carried({ count: 3 }))
  })
})
