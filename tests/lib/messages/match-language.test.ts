import { describe, expect, it } from 'vitest'
import { holdsLanguage, matchLanguage } from '@/lib/messages/match-language'
import { TAGS } from './tags'

describe('matchLanguage', () => {
  it.each<[string, string | undefined]>([
    ['en', 'en'],
    ['EN-gb', 'en'],
    ['fr-CA', 'fr'],
    ['es-419', 'es'],
    ['de-Latn-AT', 'de'],
    ['pt', 'pt-BR'],
    ['pt-PT', 'pt-BR'],
    ['zh', 'zh-CN'],
    ['zh-Hans', 'zh-CN'],
    ['zh-SG', 'zh-CN'],
    ['zh-Hant', 'zh-TW'],
    ['zh-HK', 'zh-TW'],
    ['zh-MO', 'zh-TW'],
    ['zh-Hant-CN', 'zh-TW'],
    ['zh_TW', 'zh-TW'],
    ['cmn-Hant', 'zh-TW'],
    ['no', 'nb'],
    ['nn-NO', 'nb'],
    ['nb', 'nb'],
    ['iw', 'he'],
    ['iw-IL', 'he'],
    ['ar-EG', 'ar'],
    ['en-x-private', 'en'],
    ['de-u-nu-thai', 'de'],
    ['uk-Latn', undefined],
    ['xx', undefined],
    ['x-private', undefined],
    ['i-klingon', undefined],
    ['fra', 'fr'],
    ['', undefined],
    ['*', undefined],
    ['constructor', undefined],
    ['__proto__', undefined],
    ['en\u0000', undefined],
    [`en-${'x'.repeat(40)}`, undefined],
  ])('matches %j with %s', (tag, expected) => {
    expect(matchLanguage(tag, TAGS)).toBe(expected)
  })

  it('matches the region if there are several variants', () => {
    expect(matchLanguage('pt-PT', ['pt-BR', 'pt-PT'])).toBe('pt-PT')
    expect(matchLanguage('pt-AO', ['pt-BR', 'pt-PT'])).toBe('pt-BR')
  })
})

describe('holdsLanguage', () => {
  it.each([
    ['zh', 'zh-TW', true],
    ['zh-Hant', 'zh-TW', true],
    ['zh-TW', 'zh-TW', true],
    ['zh-TW', 'zh-CN', false],
    ['zh-Hans', 'zh-TW', false],
    ['no', 'nb', true],
    ['de-CH', 'de', false],
    ['de-DE', 'de', true],
    ['*', 'de', false],
  ])('of %s and %s is %s', (range, tag, expected) => {
    expect(holdsLanguage(range, tag)).toBe(expected)
  })
})
