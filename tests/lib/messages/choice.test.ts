import { describe, expect, it, vi } from 'vitest'
import { chooseMessages } from '@/lib/messages'
import { choiceCookie, chosenLanguage } from '@/lib/messages/choice'
import { ownCookies } from '@/lib/session/cookies'

vi.mock('@/messages/languages', async () =>
  (await import('../../support/builders/languages')).languagesOf('de', 'ar'),
)

const TLS = { isSecure: true, messageOverrides: {} }
const asked = (query: string, headers: Record<string, string> = {}) =>
  new Request(`https://link.example/link/prompt?flow=f${query}`, { headers })

describe('chosenLanguage', () => {
  it.each<[string, string, string | undefined]>([
    ['', '', undefined],
    ['&lang=de', '', 'de'],
    ['', '__Host-lang=de', 'de'],
    ['&lang=ar', '__Host-lang=de', 'ar'],
    ['&lang=xx', '__Host-lang=de', 'de'],
    ['&lang=DE', '', undefined],
    ['&lang=de&lang=ar', '', undefined],
    ['', '__Host-lang=xx', undefined],
    ['', '__Host-lang=__proto__', undefined],
    ['', '__Host-lang=de; __Host-lang=ar', undefined],
    // Another host of the domain can write a cookie without the `__Host-` prefix.
    ['', 'lang=de', undefined],
  ])('for the parameter %j and the cookies %j is %s', (query, cookie, expected) => {
    expect(chosenLanguage(TLS, asked(query, { cookie }))).toBe(expected)
  })

  it('is read from a cookie without the prefix on loopback without TLS', () => {
    expect(chosenLanguage({ isSecure: false }, { headers: new Headers({ cookie: 'lang=de' }) })).toBe('de')
  })

  it('has priority over the languages of login and browser', async () => {
    const headers = { 'accept-language': 'en', cookie: '__Host-lang=ar' }
    const chosen = await chooseMessages(TLS, asked('', headers), 'de')
    expect([chosen.language, chosen.direction]).toEqual(['ar', 'rtl'])
    expect(chosen.buttons.notNow).toMatch(/^\[ar\] /)
    expect((await chooseMessages(TLS, asked(''), 'de')).language).toBe('de')
  })
})

describe('choiceCookie', () => {
  it('stores a choice for a year, with the flags of all our cookies, and only the tag', () => {
    const kept = '__Host-lang=de; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax; Secure'
    expect(choiceCookie(TLS, asked('&lang=de'))).toBe(kept)
    expect(choiceCookie(TLS, asked('&lang=de', { cookie: '__Host-lang=ar' }))).toBe(kept)
    expect(choiceCookie({ isSecure: false }, asked('&lang=de'))).toBe(
      'lang=de; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax',
    )
  })

  it.each<[string, string, Record<string, string>]>([
    ['no choice', '', {}],
    ['an unsupported language', '&lang=xx', {}],
    ['a tag with a line break and another header', '&lang=de%0D%0Aset-cookie:%20a=b', {}],
    ['several', '&lang=de&lang=de', {}],
    ['the language that is stored already', '&lang=de', { cookie: '__Host-lang=de' }],
    ['a link from another site', '&lang=de', { 'sec-fetch-site': 'cross-site' }],
    ['a link from a neighboring host', '&lang=de', { 'sec-fetch-site': 'same-site' }],
  ])('stores nothing for %s', (_what, query, headers) => {
    expect(choiceCookie(TLS, asked(query, headers))).toBeUndefined()
  })

  it.each(['same-origin', 'none'])('stores the choice if sec-fetch-site is %s', (site) => {
    expect(choiceCookie(TLS, asked('&lang=de', { 'sec-fetch-site': site }))).toBeDefined()
  })

  it('is recognized as our cookie, so that handlers receive it', () => {
    expect(ownCookies('a=1; __Host-lang=de; lang=ar; langs=1')).toBe('__Host-lang=de; lang=ar')
  })
})
