import 'server-only'
import type { LanguageFormView, LanguageOption } from '@/components/ui/language-form'
import type { Messages } from './en'
import { LANGUAGES } from './load-messages'

/**
 * The query parameters that the form keeps: those that our pages read, except messages that are shown once (`done`, `refused`).
 * No others are kept, because anyone can write a URL, and its content must not become part of a page.
 */
const KEPT = [
  'flow',
  'slow',
  'choose',
  'changed',
  'identity',
  'undo',
  'code',
  'returnTo',
  'client_id',
  'return_to',
]
/** Longest query that a form keeps, in characters. */
const MAX_QUERY = 4_000

/**
 * The form that shows a page in another language.
 *
 * @param messages - The sentences in the page's language.
 * @param query - The query of the page's URL.
 * @param available - Tags of the languages that we have.
 * @returns Undefined if there is only one language, or if the parameters to keep are too long.
 */
export function languageForm(
  { languages: words, language }: Messages,
  query: URLSearchParams,
  available: readonly string[] = LANGUAGES,
): LanguageFormView | undefined {
  const fields = [...query].filter(([name]) => KEPT.includes(name))
  if (available.length < 2 || `${new URLSearchParams(fields)}`.length > MAX_QUERY) return undefined
  return {
    label: words.label,
    submit: words.change,
    languages: languageOptions(available),
    current: language,
    fields,
  }
}

/** All languages with their names in the languages themselves, sorted by these names. */
export function languageOptions(available: readonly string[]): LanguageOption[] {
  return available
    .map((tag) => ({ tag, name: ownName(tag, available) }))
    .sort((one, other) => one.name.localeCompare(other.name, 'en'))
}

/** A language's own name. If we have several variants of a language, the name includes the script: 简体中文, 繁體中文. */
function ownName(tag: string, available: readonly string[]): string {
  const { language, script } = new Intl.Locale(tag).maximize()
  const isOneOfSeveral = available.some((each) => each !== tag && new Intl.Locale(each).language === language)
  const named = isOneOfSeveral ? `${language}-${script}` : tag
  const [first = '', ...rest] = new Intl.DisplayNames([tag], { type: 'language' }).of(named) ?? tag
  return first.toLocaleUpperCase(tag) + rest.join('')
}
