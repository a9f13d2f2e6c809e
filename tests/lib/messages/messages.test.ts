import { describe, expect, it } from 'vitest'
import { chooseMessages, hasLanguage, providerName } from '@/lib/messages'
import { en } from '@/lib/messages/en'

describe('chooseMessages', () => {
  it.each([
    [undefined, undefined],
    ['en-GB fr', undefined],
    ['xx', 'yy;q=0.9, en;q=0.5'],
    ['__proto__ constructor', ';;q=x,'],
  ])('answers for ui_locales %j and Accept-Language %j', (uiLocales, accepted) => {
    const headers = new Headers(accepted === undefined ? {} : { 'accept-language': accepted })
    expect(chooseMessages(new Request('http://localhost:3000/'), uiLocales)).toBe(en)
    expect(chooseMessages(new Request('http://localhost:3000/', { headers }), uiLocales)).toBe(en)
  })
})

describe('hasLanguage', () => {
  it.each([
    ['en', true],
    ['EN-gb', true],
    ['xx', false],
    ['constructor', false],
    ['', false],
  ])('says of the tag %j: %s', (tag, expected) => {
    expect(hasLanguage(tag)).toBe(expected)
  })
})

describe('providerName', () => {
  it.each([
    [{ provider: 'google-oauth2', connection: 'google-oauth2' }, 'Google'],
    [{ provider: 'auth0', connection: 'legacy-db' }, 'Email and password'],
    [{ provider: 'email' }, 'Email code'],
    [{ provider: 'samlp', connection: 'acme-saml' }, 'acme-saml'],
    [{ provider: 'constructor' }, 'constructor'],
    [{ provider: 'oidc', connection: 'a\u202Eb' }, 'ab'],
  ])('names %j as %s', (identity, expected) => {
    expect(providerName(en, identity)).toBe(expected)
  })
})
