import { describe, expect, it } from 'vitest'
import type { AccountNames } from '@/lib/auth0/account'
import { wayView } from '@/lib/link-flow/views/account-views'
import { en } from '@/lib/messages/en'
import { accountName } from '@/lib/sign-in-methods/views/account-name'
import { anAccount } from '../../../support/builders/accounts'

const OWN = anAccount({
  username: 'annarcher',
  phone_number: '+15551234567',
  nickname: 'ann',
  name: 'Ann Archer',
})
const GITHUB = { provider: 'github', connection: 'github' }
const label = (names: Partial<AccountNames>, own = OWN) => accountName(en, GITHUB, names, own).label

describe('accountName', () => {
  it.each<[string, Partial<AccountNames>, string]>([
    ['an address', { email: 'ann@example.com' }, 'ann@example.com'],
    ['a user name', { username: 'annarcher' }, 'annarcher'],
    ['a phone number', { phone_number: '+15551234567' }, '+15551234567'],
    ['a nickname', { nickname: 'ann' }, 'ann'],
    ['a name', { name: 'Ann Archer' }, 'Ann Archer'],
    ['a nickname that is also the name', { nickname: 'Ann Archer' }, 'Ann Archer'],
  ])("shows %s in full if it is the person's own current one", (_what, names, expected) => {
    expect(label(names)).toBe(expected)
  })

  it.each<[string, Partial<AccountNames>, string]>([
    ['an address', { email: 'bob@secret.example' }, 'b••@secret.example'],
    // To providers with case-sensitive addresses, this is another address.
    ['an address in another spelling', { email: 'Ann@example.com' }, 'A••@example.com'],
    ['a user name', { username: 'bobby' }, 'b••'],
    ['a phone number', { phone_number: '+4930123456' }, '••56'],
    ['a nickname', { nickname: 'bobby' }, 'b••'],
    ['a name', { name: 'Bob Builder' }, 'B••'],
    ["an address that is the person's user name", { email: 'annarcher' }, '•••'],
    ["a user name that is the person's address", { username: 'ann@example.com' }, 'a••'],
  ])('masks %s that belongs to someone else', (_what, names, expected) => {
    expect(label(names)).toBe(expected)
  })

  it('shows nothing in full to an account without names', () => {
    const unnamed = { ...OWN, names: {} }
    for (const names of [
      { email: 'a@b.example' },
      { username: 'ab' },
      { phone_number: '+1234' },
      { nickname: 'ab' },
    ])
      expect(label(names, unnamed)).toContain('••')
  })

  it.each<[Partial<AccountNames>, string]>([
    [{ email: 'x@a.example', username: 'u', phone_number: '1', nickname: 'n', name: 'm' }, 'x••@a.example'],
    [{ username: 'u', phone_number: '1', nickname: 'n', name: 'm' }, 'u••'],
    [{ phone_number: '123', nickname: 'n', name: 'm' }, '••23'],
    [{ nickname: 'n', name: 'm' }, 'n••'],
    [{ name: 'm' }, 'm••'],
    [{}, 'No email address or name'],
  ])('shows the most telling of %j', (names, expected) => {
    expect(label(names)).toBe(expected)
  })

  it.each([
    ['that reverses text', '\u202Emoc.elgoog@nna', 'moc.elgoog@nna'],
    ['with isolate characters', '\u2066ann\u2069', 'ann'],
    ['with zero-width characters', 'a\u200Bn\u200Dn\uFEFF', 'ann'],
    ['on two lines', 'ann\r\nadmin', 'annadmin'],
    ['of 500 characters', 'n'.repeat(500), `${'n'.repeat(47)}…`],
    ['of emoji', '😀'.repeat(500), `${'😀'.repeat(47)}…`],
  ])("makes the person's own name, %s, safe to show", (_how, nickname, expected) => {
    expect(label({ nickname }, anAccount({ nickname }))).toBe(expected)
  })

  it("makes the person's own address, phone number and user name safe to show", () => {
    const hostile = { email: 'ann\u202E@example.com', username: 'ann\u200B', phone_number: '+1\u2066555' }
    const own = anAccount(hostile)
    expect(label({ email: hostile.email }, own)).toBe('ann@example.com')
    expect(label({ username: hostile.username }, own)).toBe('ann')
    expect(label({ phone_number: hostile.phone_number }, own)).toBe('+1555')
  })

  it.each(['\u202Eann@example.com', '\u200Bbob', `${'b'.repeat(500)}@${'x'.repeat(500)}.com`])(
    'makes masked names safe to show: %j',
    (hostile) => {
      for (const names of [
        { email: hostile },
        { username: hostile },
        { nickname: hostile },
        { phone_number: hostile },
      ]) {
        expect(label(names)).not.toMatch(/\p{C}/u)
        expect(label(names).length).toBeLessThan(60)
      }
    },
  )
})

describe('wayView', () => {
  it.each([
    ['auth0', 'db', 'Email and password', 'password'],
    ['email', 'email', 'Email code', 'email'],
    ['google-oauth2', 'google-oauth2', 'Google', 'google'],
    ['twitter', 'twitter', 'X', 'x'],
    ['oauth2', 'sign-in-with-slack', 'sign-in-with-slack', 'slack'],
    ['samlp', 'slack', 'slack', 'enterprise'],
    ['samlp', 'acme-saml', 'acme-saml', 'enterprise'],
    ['samlp', 'acme\u202E-saml', 'acme-saml', 'enterprise'],
    ['constructor', 'y', 'y', 'enterprise'],
    ['__proto__', 'y', 'y', 'enterprise'],
    ['hasOwnProperty', 'y', 'y', 'enterprise'],
  ])('names %s, with the connection %j, as %s, with the icon %s', (provider, connection, name, icon) => {
    expect(wayView(en, { provider, connection }, [])).toEqual({ provider: name, icon })
  })
})

describe('wayView of a connection', () => {
  const connection = (strategy: string, name: string, displayName?: string) =>
    wayView(en, { provider: strategy, connection: name }, [{ strategy, name, displayName }]).provider

  it.each([
    ['auth0', 'db', undefined, 'Email and password'],
    ['auth0', 'legacy-db', 'Old accounts', 'Old accounts'],
    ['auth0', 'legacy-db', 'Old \u202Eaccounts', 'Old accounts'],
    ['samlp', 'acme-saml', 'Acme', 'Acme'],
    ['samlp', 'acme-saml', undefined, 'acme-saml'],
    ['google-oauth2', 'google-oauth2', 'Mallory', 'Google'],
    ['oidc', 'x', 'y'.repeat(500), `${'y'.repeat(47)}…`],
  ])('names a connection of %s, %s, with display name %j, as %s', (strategy, name, displayName, expected) => {
    expect(connection(strategy, name, displayName)).toBe(expected)
  })
})
