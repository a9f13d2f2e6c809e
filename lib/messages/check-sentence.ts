/**
 * Whether a sentence can take the place of the English one.
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

/** What a sentence is made of. */
export interface SentenceParts {
  /** What each argument has to be, by name: such as `{count}` and `number`. */
  values: Map<string, string>
  /** The categories of each plural, by argument. */
  plurals: [name: string, categories: string[]][]
  /** What stands there in any case or in one of several, without arguments. */
  text: string
  hasMarkup: boolean
}

/**
 * Takes a sentence apart.
 *
 * @param text - ICU MessageFormat.
 * @throws {SyntaxError} If it is not valid.
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
 * What is wrong with a sentence that is to take the place of an English one: it has to be valid, without markup, and with the
 * same arguments.
 *
 * @param text - ICU MessageFormat.
 * @param english - The English sentence.
 * @returns Reasons in words, without the sentence's text; none if it can be used.
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
    // A brace in quotes is text to ICU, but says to `readMessages` that there is an argument.
    ...(names.length === 0 && text.includes('{') ? ['holds a brace, but no argument'] : []),
  ]
}

function argumentProblem(name: string, own: string | undefined, english: string | undefined): string[] {
  if (own === english) return []
  if (own === undefined) return [`lacks the argument {${name}}`]
  if (english === undefined) return [`has an argument that is not there: {${name}}`]
  return [`uses {${name}} as ${own}; it is ${english}`]
}
