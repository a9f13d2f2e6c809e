import { describe, expect, it } from 'vitest'
import { en } from '@/lib/messages/en'
import { fieldNames } from '@/lib/messages/field-names'
import {
  listSignInMethods,
  type NamedConnection,
  needsConnections,
  signInMethodName,
  wayOfProvider,
} from '@/lib/messages/way-name'

const UPA = { name: 'Username-Password-Authentication', strategy: 'auth0' }
const OLD = { name: 'legacy-db', strategy: 'auth0', displayName: 'Old accounts' }
const OTHER_DB = { name: 'other-db', strategy: 'auth0' }
const ACME = { name: 'acme-saml', strategy: 'samlp', displayName: 'Acme' }
const GOOGLE = { name: 'google-oauth2', strategy: 'google-oauth2', displayName: 'Mallory' }
const WORKSPACE = { name: 'google-work', strategy: 'google-oauth2', displayName: 'Work' }

const nameOf = ({ name, strategy }: NamedConnection, known: NamedConnection[]) =>
  signInMethodName(en, { provider: strategy, connection: name }, known)

describe('signInMethodName', () => {
  it.each<[string, NamedConnection, NamedConnection[], string]>([
    ['our name', UPA, [UPA, GOOGLE], 'Email and password'],
    ["our name, whatever the operator's name is", GOOGLE, [UPA, GOOGLE], 'Google'],
    ["the operator's name for one of two connections of a provider", WORKSPACE, [GOOGLE, WORKSPACE], 'Work'],
    ["the operator's name for a database", OLD, [UPA, OLD], 'Old accounts'],
    ['our name for the default database beside it', UPA, [UPA, OLD], 'Email and password'],
    [
      "both names of the first of two databases without the operator's name",
      UPA,
      [UPA, OTHER_DB],
      'Email and password (Username-Password-Authentication)',
    ],
    ['both names of the second one', OTHER_DB, [UPA, OTHER_DB], 'Email and password (other-db)'],
    ['both names beside another database', OTHER_DB, [UPA], 'Email and password (other-db)'],
    ["the operator's name of an enterprise connection", ACME, [UPA, ACME], 'Acme'],
    ["the connection's technical name", ACME, [], 'acme-saml'],
    ['both names of one of two alike', ACME, [ACME, { ...ACME, name: 'acme-2' }], 'Acme (acme-saml)'],
    [
      'both names of one of two alike with other strategies',
      ACME,
      [ACME, { ...ACME, name: 'acme-2', strategy: 'oidc' }],
      'Acme (acme-saml)',
    ],
    [
      "both names if the first is a provider's name",
      { ...ACME, displayName: 'Google' },
      [{ ...ACME, displayName: 'Google' }],
      'Google (acme-saml)',
    ],
    [
      "both names if the first is almost a provider's name",
      { ...ACME, displayName: 'github' },
      [{ ...ACME, displayName: 'github' }],
      'github (acme-saml)',
    ],
    ["name and strategy of a provider's name", { name: 'GitHub', strategy: 'oidc' }, [], 'GitHub (oidc)'],
  ])('uses %s', (_what, connection, known, expected) => {
    expect(nameOf(connection, known)).toBe(expected)
  })

  it('identifies a connection by its name and its strategy', () => {
    expect(nameOf({ ...ACME, strategy: 'oidc' }, [ACME])).toBe('acme-saml')
  })

  it('names a sign-in method of which only the provider is known', () => {
    expect(signInMethodName(en, { provider: 'samlp' }, [ACME])).toBe('samlp')
    expect(signInMethodName(en, wayOfProvider('samlp', [UPA, ACME]), [UPA, ACME])).toBe('Acme')
    expect(signInMethodName(en, wayOfProvider('auth0', [UPA, OLD]), [UPA, OLD])).toBe('Email and password')
    expect(signInMethodName(en, wayOfProvider('okta', []), [])).toBe('okta')
  })
})

describe('needsConnections', () => {
  const way = ({ name, strategy }: NamedConnection) => ({ provider: strategy, connection: name })

  it.each<[NamedConnection[], boolean]>([
    [[UPA, GOOGLE], false],
    [[UPA, UPA], false],
    [[UPA, OLD], true],
    [[GOOGLE, ACME], true],
    [[], false],
  ])('of %j: %s', (connections, expected) => {
    expect(needsConnections(en, connections.map(way))).toBe(expected)
  })
})

describe('listSignInMethods', () => {
  const ways = (...providers: string[]) => providers.map((provider) => ({ provider }))
  const list = (providers: string[], more: number) => listSignInMethods(en, ways(...providers), more, [])

  it.each<[string[], number, string]>([
    [[], 0, ''],
    [['windowslive', 'linkedin', 'facebook', 'github'], 0, 'Microsoft, LinkedIn, Facebook, and GitHub'],
    [['github', 'linkedin', 'github', 'github'], 0, 'GitHub (3) and LinkedIn'],
    [['github'], 2, 'GitHub and 2 more ways to sign in'],
    [[], 1, '1 more way to sign in'],
    [[], 7, '7 more ways to sign in'],
  ])('names %j and %i more as %j', (providers, more, expected) => {
    expect(list(providers, more)).toBe(expected)
  })
})

describe('fieldNames', () => {
  it.each<[string[], number, string | undefined]>([
    [[], 0, undefined],
    [['theme'], 0, 'theme'],
    [['theme', 'locale'], 1, 'theme, locale, and 1 more detail'],
    [[], 12, '12 more details'],
    [['a\u202Eb', 'é'], 0, 'ab and \u2068é\u2069'],
  ])('names %j and %i more as %j', (names, more, expected) => {
    expect(fieldNames(en, names, more)).toBe(expected)
  })
})
