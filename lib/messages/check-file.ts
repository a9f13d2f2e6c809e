/**
 * Whether a file of sentences is complete. Tests and `npm run messages` ask; the service does not.
 * @module
 */
import 'server-only'
import { SAME_AS_ENGLISH } from '../../messages/same-as-english'
import { sentenceParts, sentenceProblems } from './check-sentence'
import { keysOf, sentenceAt } from './sentence-keys'

/** Characters that no one sees, but which a sentence may hold: marks and isolates that give text its direction, and the joiner. */
const ALLOWED_UNSEEN = /[\u200c\u200e\u200f\u2066-\u2069]/g

/**
 * What is wrong with a file of `messages/`, besides what is wrong with its JSON.
 *
 * @param tag - BCP 47, the name of the file.
 * @param file - Its content.
 * @param english - The content of `en.json`.
 * @param same - Keys of sentences that are the same in English.
 * @returns One line a problem: the key, and the reason.
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

/** Every plural has a form for each category that the language has. */
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
