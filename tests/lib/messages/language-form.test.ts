// cspell:disable
import { describe, expect, it } from 'vitest'
import { en } from '@/lib/messages/en'
import { languageForm, languageOptions } from '@/lib/messages/language-form'
import { TAGS } from './tags'

const formOf = (query: string) => languageForm(en, new URLSearchParams(query), TAGS)

describe('languageForm', () => {
  it('offers every language, and says which one the page is in', () => {
    const form = formOf('')
    expect(form?.languages.map(({ tag }) => tag).sort()).toEqual([...TAGS].sort())
    expect([form?.current, form?.fields]).toEqual(['en', []])
  })

  it('keeps what a page reads, but not the language, what is said once and what anyone adds', () => {
    const query = '?flow=f&lang=de&slow=1&done=connected&refused=busy&email=eve%40example.com&identity=%22%3E'
    expect(formOf(query)?.fields).toEqual([
      ['flow', 'f'],
      ['slow', '1'],
      ['identity', '">'],
    ])
  })

  it('is not there if there is one language, or the address is too long to be kept', () => {
    expect(languageForm(en, new URLSearchParams(), ['en'])).toBeUndefined()
    expect(formOf(`?flow=${'x'.repeat(4_000)}`)).toBeUndefined()
  })
})

describe('languageOptions', () => {
  it('calls each language as its readers do', () => {
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
