import 'server-only'
import type { LanguageFormView, LanguageOption } from '@/components/ui/language-form'
import type { Messages } from './en'
import { LANGUAGES } from './load-messages'

/**
 * The parameters of our pages, but for what is said once (`done`, `refused`). Others are not kept: anyone can write an address, and
 * what it says does not become part of a page.
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
 * @param messages - Of the page.
 * @param query - Of its address: the form keeps what our pages read.
 * @param available - Tags of the languages that there are.
 * @returns Undefined if there is one language only, or the address is too long to be kept.
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
