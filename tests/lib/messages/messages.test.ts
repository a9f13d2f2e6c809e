import { describe, expect, it } from 'vitest'
import { chooseMessages, hasLanguage, messagesIn, providerName } from '@/lib/messages'
import { en } from '@/lib/messages/en'
import { services } from '../../support/process/services'

describe('chooseMessages', () => {
  it.each([
    [undefined, undefined],
    ['en-GB fr', undefined],
    ['xx', 'yy;q=0.9, en;q=0.5'],
    ['__proto__ constructor', ';;q=x,'],
  ])('returns messages for ui_locales %j and Accept-Language %j', async (uiLocales, accepted) => {
    const headers = new Headers(accepted === undefined ? {} : { 'accept-language': accepted })
    const messages = await chooseMessages(
      services(),
      new Request('http://localhost:3000/', { headers }),
      uiLocales,
    )
    expect(messages).toMatchObject({ language: 'en', direction: 'ltr', buttons: en.buttons })
  })

  it('caches loaded messages', async () => {
    const [one, other] = [await messagesIn(services(), 'en'), await messagesIn(services(), 'en')]
    expect(one).toBe(other)
  })
})

describe('hasLanguage', () => {
  it.each([
    ['en', true],
    ['EN-gb', true],
    ['xx', false],
    ['constructor', false],
    ['', false],
  ])('returns for the tag %j: %s', (tag, expected) => {
    expect(hasLanguage(tag)).toBe(expected)
  })
})

describe('providerName', () => {
  it.each([
    [{ provider: 'google-oauth2', connection: 'google-oauth2' }, 'Google'],
    [{ provider: 'auth0', connection: 'legacy-db' }, en.providers.auth0],
    [{ provider: 'email' }, en.providers.email],
    [{ provider: 'samlp', connection: 'acme-saml' }, 'acme-saml'],
    [{ provider: 'constructor' }, 'constructor'],
    [{ provider: 'oidc', connection: 'a\u202Eb' }, 'ab'],
  ])('names %j as %s', (identity, expected) => {
    expect(providerName(en, identity)).toBe(expected)
  })
})
