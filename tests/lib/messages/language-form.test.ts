// cspell:disable
import { describe, expect, it } from 'vitest'
import { en } from '@/lib/messages/en'
import { languageForm, languageOptions } from '@/lib/messages/language-form'
import { TAGS } from './tags'

const formOf = (query: string) => languageForm(en, new URLSearchParams(query), TAGS)

describe('languageForm', () => {
  it('offers every language, and marks the language of the page', () => {
    const form = formOf('')
    expect(form?.languages.map(({ tag }) => tag).sort()).toEqual([...TAGS].sort())
    expect([form?.current, form?.fields]).toEqual(['en', []])
  })

  it('keeps the parameters that a page reads, except the language, one-time notices and unknown parameters', () => {
    const query = '?flow=f&lang=de&slow=1&done=connected&refused=busy&email=eve%40example.com&identity=%22%3E'
    expect(formOf(query)?.fields).toEqual([
      ['flow', 'f'],
      ['slow', '1'],
      ['identity', '">'],
    ])
  })

  it('is missing if there is only one language, or the URL is too long to keep', () => {
    expect(languageForm(en, new URLSearchParams(), ['en'])).toBeUndefined()
    expect(formOf(`?flow=${'x'.repeat(4_000)}`)).toBeUndefined()
  })
})

describe('languageOptions', () => {
  it('names each language in that language', () => {
    const names = Object.fromEntries(languageOptions(TAGS).map(({ tag, name }) => [tag, name]))
    expect(names).toEqual({
      ar: 'العربية',
      cs: 'Čeština',
      da: 'Dansk',
      de: 'Deutsch',
      en: 'English',
      es: 'Español',
      fi: 'Suomi',
      fr: 'Français',
      he: 'עברית',
      it: 'Italiano',
      ja: '日本語',
      ko: '한국어',
      nb: 'Norsk bokmål',
      nl: 'Nederlands',
      pl: 'Polski',
      'pt-BR': 'Português (Brasil)',
      sv: 'Svenska',
      tr: 'Türkçe',
      uk: 'Українська',
      'zh-CN': '简体中文',
      'zh-TW': '繁體中文',
    })
  })
})
