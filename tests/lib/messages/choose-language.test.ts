import { describe, expect, it } from 'vitest'
import { chooseLanguage, type LanguageWishes } from '@/lib/messages/choose-language'
import { TAGS } from './tags'

const choose = (wishes: Partial<LanguageWishes>) => chooseLanguage({ defaultLocales: [], ...wishes }, TAGS)

/** `Accept-Language`, `ui_locales`, the person's choice, and the language that results. */
type Row = [accepted: string | undefined, uiLocales: string | undefined, choice: string | undefined, string]

const LONG = `${Array.from({ length: 3_000 }, (_, count) => `x${count % 10}`).join(',')},de`

const ONE_HEADER: Row[] = [
  // Missing and invalid values.
  [undefined, undefined, undefined, 'en'],
  ['', '', '', 'en'],
  [',,,;;;', '  ', ' ', 'en'],
  ['*', undefined, undefined, 'en'],
  ['q=1', undefined, undefined, 'en'],
  ['<script>, {}, \u0000, "de"', '\u202E', 'de\u0000', 'en'],
  ['constructor,__proto__,toString', 'hasOwnProperty', '__proto__', 'en'],
  ['xx, yy;q=0.9, tlh', 'qq', 'xx', 'en'],
  [LONG, undefined, undefined, 'en'],
  [`fr,${'x'.repeat(10_000)}`, undefined, undefined, 'fr'],
  [`${'x'.repeat(990)},frxxxxxxxxxxxxxxxx`, undefined, undefined, 'en'],
  [undefined, `${'x'.repeat(10_000)} fr`, undefined, 'en'],
  // One language, under different names.
  ['de', undefined, undefined, 'de'],
  ['DE-at', undefined, undefined, 'de'],
  ['de_CH', undefined, undefined, 'de'],
  ['de-CH-1996', undefined, undefined, 'de'],
  ['es-419', undefined, undefined, 'es'],
  ['fr-CA', undefined, undefined, 'fr'],
  ['pt', undefined, undefined, 'pt-BR'],
  ['pt-PT', undefined, undefined, 'pt-BR'],
  ['pt-BR', undefined, undefined, 'pt-BR'],
  ['no', undefined, undefined, 'nb'],
  ['nn', undefined, undefined, 'nb'],
  ['nb-NO', undefined, undefined, 'nb'],
  ['iw', undefined, undefined, 'he'],
  ['he-IL', undefined, undefined, 'he'],
  ['ar-SA', undefined, undefined, 'ar'],
  ['zh', undefined, undefined, 'zh-CN'],
  ['zh-Hans', undefined, undefined, 'zh-CN'],
  ['zh-Hans-HK', undefined, undefined, 'zh-CN'],
  ['zh-SG', undefined, undefined, 'zh-CN'],
  ['zh-Hant', undefined, undefined, 'zh-TW'],
  ['zh-HK', undefined, undefined, 'zh-TW'],
  ['zh-MO', undefined, undefined, 'zh-TW'],
  ['zh_Hant_TW', undefined, undefined, 'zh-TW'],
  // Several languages, by weight.
  ['fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5', undefined, undefined, 'fr'],
  ['en;q=0.2, de;q=0.3', undefined, undefined, 'de'],
  ['en ; q=0.2 , de ; q = 0.3', undefined, undefined, 'de'],
  ['en;Q=0.2,de;Q=0.3', undefined, undefined, 'de'],
  ['de, fr', undefined, undefined, 'de'],
  ['fr;q=0.5, de;q=0.5', undefined, undefined, 'fr'],
  ['fr;q=0.1, de, fr', undefined, undefined, 'de'],
  ['de;q=0.001, xx', undefined, undefined, 'de'],
  ['sr, hr;q=0.9, uk;q=0.1', undefined, undefined, 'uk'],
  ['yy, *;q=0.5, de;q=0.1', undefined, undefined, 'en'],
  ['fr;q=2, de;q=0.1', undefined, undefined, 'de'],
  ['fr;q=-1, de;q=0.1', undefined, undefined, 'de'],
  ['fr;q=x, de;q=0.1', undefined, undefined, 'de'],
  ['fr;level=1, de;q=0.1', undefined, undefined, 'de'],
  ['fr;q=1;q=0, de;q=0.1', undefined, undefined, 'de'],
  ['fr;q=1.000, de', undefined, undefined, 'fr'],
  // A weight of 0 excludes a language.
  ['de;q=0', undefined, undefined, 'en'],
  ['de;q=0, de', undefined, undefined, 'en'],
  ['de;q=0.0, fr;q=0.1', undefined, undefined, 'fr'],
  ['zh;q=0, zh-TW, ja;q=0.1', undefined, undefined, 'ja'],
  ['zh-CN;q=0, zh', undefined, undefined, 'en'],
  ['pt-PT;q=0, pt', undefined, undefined, 'pt-BR'],
  ['*;q=0, it', undefined, undefined, 'it'],
  ['en;q=0', undefined, undefined, 'en'],
]

const TOGETHER: Row[] = [
  // The login's languages have priority over the header.
  ['fr', 'de', undefined, 'de'],
  ['fr', 'xx de-AT it', undefined, 'de'],
  ['fr', '  it   de ', undefined, 'it'],
  ['fr', 'xx yy', undefined, 'fr'],
  ['fr', 'zh-Hant en', undefined, 'zh-TW'],
  ['fr', 'no', undefined, 'nb'],
  ['fr', 'pt-PT', undefined, 'pt-BR'],
  ['fr', '*', undefined, 'fr'],
  ['fr', 'de,it', undefined, 'fr'],
  ['de;q=0', 'de', undefined, 'de'],
  // The person's choice has priority over both, if it is one of our tags.
  ['fr', 'de', 'it', 'it'],
  [undefined, undefined, 'zh-TW', 'zh-TW'],
  ['it;q=0', undefined, 'it', 'it'],
  ['fr', 'de', 'IT', 'de'],
  ['fr', 'de', 'it-IT', 'de'],
  ['fr', 'de', 'pt', 'de'],
  ['fr', 'de', 'xx', 'de'],
  ['fr', undefined, 'zh', 'fr'],
]

describe('chooseLanguage', () => {
  it.each([...ONE_HEADER, ...TOGETHER])(
    'Accept-Language %j, ui_locales %j, choice %j: %s',
    (accepted, uiLocales, choice, expected) => {
      expect(choose({ accepted, uiLocales, choice })).toBe(expected)
    },
  )

  it.each<[string | undefined, string[], string]>([
    [undefined, ['fr'], 'fr'],
    [undefined, ['sr', 'pt-PT', 'fr'], 'pt-BR'],
    ['xx', ['fr'], 'fr'],
    ['de', ['fr'], 'de'],
    ['xx, *;q=0.1', ['fr'], 'fr'],
    ['fr;q=0', ['fr', 'it'], 'it'],
    [undefined, ['xx', ''], 'en'],
  ])("falls back for Accept-Language %j to the tenant's %j: %s", (accepted, defaultLocales, expected) => {
    expect(choose({ accepted, defaultLocales })).toBe(expected)
  })

  it('reads the first 30 parts of a list', () => {
    expect(choose({ accepted: `${'xx,'.repeat(29)}fr` })).toBe('fr')
    expect(choose({ accepted: `${'xx,'.repeat(30)}fr` })).toBe('en')
  })

  it('takes bounded time for any header', () => {
    const before = performance.now()
    for (const accepted of [LONG, ','.repeat(16_000), 'de;'.repeat(5_000), `${'a-'.repeat(8_000)}`])
      choose({ accepted, uiLocales: accepted, choice: accepted })
    expect(performance.now() - before).toBeLessThan(500)
  })
})
