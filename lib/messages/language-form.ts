import 'server-only'
import { type LanguageFormView, type LanguageOption, SHOW_LANGUAGES } from '@/components/ui/language-form'
import { LANGUAGE_PARAMETER } from './choice'
import type { Messages } from './en'
import { LANGUAGES } from './load-messages'

/** What a page says about the step before it, once. */
const SAID_ONCE = ['done', 'refused', SHOW_LANGUAGES]
/** Longest query whose parameters a form keeps, in characters. */
const MAX_QUERY = 4_000

/**
 * The form that shows a page in another language.
 *
 * @param messages - Of the page.
 * @param query - Of its address: the form keeps it.
 * @param available - Tags of the languages that there are.
 * @returns Undefined if there is one language only, or the address is too long to be kept.
 */
export function languageForm(
  { languages: words, language }: Messages,
  query: URLSearchParams,
  available: readonly string[] = LANGUAGES,
): LanguageFormView | undefined {
  if (available.length < 2 || query.toString().length > MAX_QUERY) return undefined
  return {
    label: words.label,
    submit: words.change,
    languages: languageOptions(available),
    current: language,
    fields: [...query].filter(([name]) => name !== LANGUAGE_PARAMETER && !SAID_ONCE.includes(name)),
  }
}

/** Languages under the names that their readers have for them, in the order of those. */
export function languageOptions(available: readonly string[]): LanguageOption[] {
  return available
    .map((tag) => ({ tag, name: ownName(tag, available) }))
    .sort((one, other) => one.name.localeCompare(other.name, 'en'))
}

/** Two tags of one language differ in script, which is what their readers know them by: 简体中文, 繁體中文. */
function ownName(tag: string, available: readonly string[]): string {
  const { language, script } = new Intl.Locale(tag).maximize()
  const isOneOfSeveral = available.some((each) => each !== tag && new Intl.Locale(each).language === language)
  const named = isOneOfSeveral ? `${language}-${script}` : tag
  const [first = '', ...rest] = new Intl.DisplayNames([tag], { type: 'language' }).of(named) ?? tag
  return first.toLocaleUpperCase(tag) + rest.join('')
}
