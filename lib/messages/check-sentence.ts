/**
 * Checks whether a sentence can replace the English one.
 * @module
 */
import 'server-only'
import {
  isArgumentElement,
  isDateElement,
  isLiteralElement,
  isPluralElement,
  isSelectElement,
  isTagElement,
  isTimeElement,
  type MessageFormatElement,
  parse,
} from '@formatjs/icu-messageformat-parser'

/** The parts of a sentence. */
export interface SentenceParts {
  /** The kind of each argument, by name: `count` is a `number`, for example. */
  values: Map<string, string>
  /** For each plural, the name of its argument and its categories. */
  plurals: [name: string, categories: string[]][]
  /** All literal text, from every branch of every plural and select. Arguments are left out. */
  text: string
  hasMarkup: boolean
}

/**
 * Parses a sentence into its parts.
 *
 * @param text - ICU MessageFormat.
 * @throws {SyntaxError} If the text is not valid.
 * @see {@link https://unicode-org.github.io/icu/userguide/format_parse/messages/ ICU, formatting messages}
 */
export function sentenceParts(text: string): SentenceParts {
  const parts: SentenceParts = { values: new Map(), plurals: [], text: '', hasMarkup: false }
  const read = (elements: MessageFormatElement[]): void => {
    for (const element of elements) {
      if (isLiteralElement(element)) parts.text += element.value
      else if (isTagElement(element)) {
        parts.hasMarkup = true
        read(element.children)
      } else if ('value' in element) {
        parts.values.set(element.value, kindOf(element))
        if (isPluralElement(element)) parts.plurals.push([element.value, Object.keys(element.options)])
        if (isPluralElement(element) || isSelectElement(element))
          for (const { value } of Object.values(element.options)) read(value)
      }
    }
  }
  read(parse(text))
  return parts
}

function kindOf(element: MessageFormatElement): string {
  if (isArgumentElement(element)) return 'text'
  if (isSelectElement(element)) return `one of ${Object.keys(element.options).sort().join(', ')}`
  return isDateElement(element) || isTimeElement(element) ? 'date' : 'number'
}

/**
 * Says why a sentence cannot replace an English one. It must be valid, without markup, and have the same arguments.
 *
 * @param text - The sentence, in ICU MessageFormat.
 * @param english - The English sentence.
 * @returns The reasons in words, without the sentence's text; empty if the sentence can be used.
 */
export function sentenceProblems(text: string, english: string): string[] {
  let parts: SentenceParts
  try {
    parts = sentenceParts(text)
  } catch (error) {
    return [`is not valid ICU: ${error instanceof SyntaxError ? error.message : 'it cannot be read'}`]
  }
  const { values } = sentenceParts(english)
  const names = [...new Set([...values.keys(), ...parts.values.keys()])].sort()
  return [
    ...(parts.hasMarkup || /[<>]|&#?\w+;/.test(text) ? ['holds markup'] : []),
    ...names.flatMap((name) => argumentProblem(name, parts.values.get(name), values.get(name))),
    // ICU reads a quoted brace as text, but `readMessages` takes every sentence with a brace for one that has arguments.
    ...(names.length === 0 && text.includes('{') ? ['holds a brace, but no argument'] : []),
  ]
}

function argumentProblem(name: string, own: string | undefined, english: string | undefined): string[] {
  if (own === english) return []
  if (own === undefined) return [`lacks the argument {${name}}`]
  if (english === undefined) return [`has an argument that is not there: {${name}}`]
  return [`uses {${name}} as ${own}; it is ${english}`]
}
