/**
 * Checks whether a file of sentences is complete. Only tests and `npm run messages` use this, not the running service.
 * @module
 */
import 'server-only'
import { SAME_AS_ENGLISH } from '../../messages/same-as-english'
import { sentenceParts, sentenceProblems } from './check-sentence'
import { keysOf, sentenceAt } from './sentence-keys'

/** Invisible characters that a sentence may hold: direction marks, direction isolates, and the zero-width non-joiner. */
const ALLOWED_UNSEEN = /[\u200c\u200e\u200f\u2066-\u2069]/g

/**
 * Lists the problems of a file in `messages/`. The file must already be valid JSON.
 *
 * @param tag - The file's name, which is the BCP 47 tag of its language.
 * @param file - The parsed content of the file.
 * @param english - The parsed content of `en.json`.
 * @param same - Keys of sentences that may be the same as in English.
 * @returns One line for each problem: the key, and the reason.
 */
export function fileProblems(
  tag: string,
  file: unknown,
  english: unknown,
  same: readonly string[] = [...SAME_AS_ENGLISH.all, ...(SAME_AS_ENGLISH[tag] ?? [])],
): string[] {
  if (!isTag(tag)) return ['the name of the file is no language tag in its usual form, such as pt-BR']
  const keys = keysOf(english)
  const own = keysOf(file)
  return [
    ...keys.filter((key) => !own.includes(key)).map((key) => `${key} is missing`),
    ...own.filter((key) => !keys.includes(key)).map((key) => `${key} is not in en.json`),
    ...keys
      .filter((key) => own.includes(key))
      .flatMap((key) => {
        const [text, original] = [sentenceAt(file, key), sentenceAt(english, key)]
        if (typeof text !== 'string' || typeof original !== 'string') return [`${key} is no text`]
        const problems = [...sentenceProblems(text, original), ...textProblems(text)]
        if (problems.length > 0) return problems.map((problem) => `${key} ${problem}`)
        const isCopy = tag !== 'en' && text === original && hasWords(text) && !same.includes(key)
        return [
          ...pluralProblems(tag, text).map((problem) => `${key} ${problem}`),
          ...(isCopy ? [`${key} is English`] : []),
        ]
      }),
  ]
}

function textProblems(text: string): string[] {
  const unseen = /[\p{C}\p{Zl}\p{Zp}]/u.exec(text.replace(ALLOWED_UNSEEN, ''))?.[0].codePointAt(0)
  return [
    ...(text.trim() === '' ? ['is empty'] : text === text.trim() ? [] : ['begins or ends with a blank']),
    ...(unseen === undefined ? [] : [`holds U+${unseen.toString(16).toUpperCase().padStart(4, '0')}`]),
    ...(/['"]/.test(text) ? ['holds a straight quotation mark'] : []),
    ...(/ {2}/.test(text) ? ['holds two blanks in a row'] : []),
  ]
}

/** Finds plurals that lack a form for one of the language's plural categories. */
function pluralProblems(tag: string, text: string): string[] {
  const { pluralCategories } = new Intl.PluralRules(tag).resolvedOptions()
  return sentenceParts(text).plurals.flatMap(([name, categories]) =>
    pluralCategories
      .filter((category) => !categories.includes(category))
      .map((category) => `lacks the plural “${category}” of {${name}}`),
  )
}

function isTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag)[0] === tag
  } catch {
    return false
  }
}

const hasWords = (text: string) => /\p{L}/u.test(sentenceParts(text).text)
