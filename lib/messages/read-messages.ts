import 'server-only'
import { createTranslator, type ICUArgs } from 'use-intl/core'

/** What an argument of a sentence may be, by how the sentence uses it. */
interface Arguments {
  ICUArgument: string
  ICUNumberArgument: number
  ICUDateArgument: Date
}

/** One sentence: a text, or a function of its arguments if it has any. */
type Sentence<Text extends string> = Text extends `${string}{${string}`
  ? (values: ICUArgs<Text, Arguments>) => string
  : string

/** The sentences of a file, under the names that they have there. */
export type Sentences<File> = {
  readonly [Name in keyof File]: File[Name] extends string ? Sentence<File[Name]> : Sentences<File[Name]>
}

/** The language of some sentences, as a document says it. */
export interface Language {
  /** BCP 47 tag: what `lang` says. */
  readonly language: string
  /** What `dir` says. */
  readonly direction: 'ltr' | 'rtl'
}

type Tree = { [name: string]: string | Tree }
/** The translator of a tree whose names the compiler does not know. */
type Translate = (name: string, values: Record<string, string | number>) => string

/**
 * Makes the sentences of a file usable: `messages.signOut` is a text, `messages.since({ date })` fills one in. `language` and
 * `direction` say which language they are in.
 *
 * @param locale - BCP 47 tag of the language, by whose rules plurals and numbers are written.
 * @param file - A file of `messages/`, in ICU's syntax. Names hold no dot.
 * @throws {IntlError} When a sentence is filled in that is not valid ICU, or lacks an argument.
 * @see {@link https://unicode-org.github.io/icu/userguide/format_parse/messages/ ICU, formatting messages}
 */
export function readMessages<const File extends object>(
  locale: string,
  file: File,
): Sentences<File> & Language {
  const translate = createTranslator({
    locale,
    messages: file as Tree,
    onError: (error) => {
      throw error
    },
  }) as Translate
  const read = (tree: Tree, path: string): object =>
    Object.fromEntries(
      Object.entries(tree).map(([name, value]) => {
        const at = path + name
        if (typeof value !== 'string') return [name, read(value, `${at}.`)]
        return [
          name,
          value.includes('{') ? (values: Record<string, string | number>) => translate(at, values) : value,
        ]
      }),
    )
  const sentences = read(file as Tree, '') as Sentences<File>
  return { ...sentences, language: locale, direction: directionOf(locale) }
}

/** The scripts that are written from right to left, of languages with a locale in CLDR. */
const RIGHT_TO_LEFT = new Set(['Adlm', 'Arab', 'Hebr', 'Nkoo', 'Rohg', 'Syrc', 'Thaa'])

const directionOf = (locale: string): Language['direction'] =>
  RIGHT_TO_LEFT.has(new Intl.Locale(locale).maximize().script ?? '') ? 'rtl' : 'ltr'
