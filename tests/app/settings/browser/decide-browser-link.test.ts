import { describe, expect, it, vi } from 'vitest'
import { decideBrowserLink } from '@/app/settings/connected-accounts/browser/_flow/decide-browser-link'
import { decideConnect } from '@/core/rules/decide-connect'
import { anAccount } from './an-account'

vi.mock('@/core/rules/decide-connect', { spy: true })

const NO_RULES = { sameEmail: false, blocked: [] }
const PASSWORD = anAccount('auth0|ann')
const GOOGLE = anAccount('google-oauth2|ann-g')
const UNVERIFIED = anAccount('auth0|cy', { isEmailVerified: false })

describe('decideBrowserLink', () => {
  it.each([
    ['two accounts of one address', PASSWORD, GOOGLE],
    ['two accounts of different addresses', PASSWORD, { ...GOOGLE, email: 'ann@work.example' }],
    [
      'an account without an address',
      PASSWORD,
      anAccount('sms|1', { email: undefined, isEmailVerified: false }),
    ],
    ['an address that its provider has not verified', PASSWORD, { ...GOOGLE, isEmailVerified: false }],
    ['a password account as the one that ends', GOOGLE, PASSWORD],
  ])('allows %s', (_what, first, other) => {
    expect(decideBrowserLink(first, other, NO_RULES)).toBeUndefined()
  })

  it.each([
    ['same_account', PASSWORD, anAccount('auth0|ann'), NO_RULES],
    ['unverified', GOOGLE, UNVERIFIED, NO_RULES],
    ['unverified', UNVERIFIED, GOOGLE, NO_RULES],
    ['email_mismatch', PASSWORD, { ...GOOGLE, email: 'b@example.com' }, { ...NO_RULES, sameEmail: true }],
    ['untrusted_connection', PASSWORD, GOOGLE, { ...NO_RULES, blocked: ['google-oauth2'] }],
  ])('refuses with %s', (code, first, other, rules) => {
    expect(decideBrowserLink(first, other, rules)).toBe(code)
  })

  it('refuses with link_refused for a reason that this page has no sentence for', () => {
    vi.mocked(decideConnect).mockReturnValueOnce({ reason: 'both_provisioned' })
    expect(decideBrowserLink(PASSWORD, GOOGLE, NO_RULES)).toBe('link_refused')
  })
})
