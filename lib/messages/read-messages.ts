import 'server-only'
import { createTranslator, type ICUArgs } from 'use-intl/core'

/** The type of a sentence's argument, by how the sentence uses it. */
interface Arguments {
  ICUArgument: string
  ICUNumberArgument: number
  ICUDateArgument: Date
}

/** One sentence: a text, or a function of its arguments if it has any. */
type Sentence<Text extends string> = Text extends `${string}{${string}`
  ? (values: ICUArgs<Text, Arguments>) => string
  : string

/** The sentences of a file, under the same keys. */
export type Sentences<File> = {
  readonly [Name in keyof File]: File[Name] extends string ? Sentence<File[Name]> : Sentences<File[Name]>
}

/** The language of some sentences, as HTML states it. */
export interface Language {
  /** BCP 47 tag, for the attribute `lang`. */
  readonly language: string
  /** The direction of the text, for the attribute `dir`. */
  readonly direction: 'ltr' | 'rtl'
}

type Tree = { [name: string]: string | Tree }
/** A translator for a tree whose keys the compiler does not know. */
type Translate = (name: string, values: Record<string, string | number>) => string

/**
 * Makes the sentences of a file usable: `messages.signOut` is a text, and `messages.since({ date })` fills in arguments. The
 * result also has the language's tag and text direction.
 *
 * @param locale - BCP 47 tag of the language, whose rules apply to plurals and numbers.
 * @param file - A file of `messages/`, in ICU's syntax. Its keys must not contain a dot.
 * @throws {IntlError} When a sentence with arguments is used, if it is not valid ICU or an argument is missing.
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

/** All right-to-left scripts of languages that have a locale in CLDR. */
const RIGHT_TO_LEFT = new Set(['Adlm', 'Arab', 'Hebr', 'Nkoo', 'Rohg', 'Syrc', 'Thaa'])

const directionOf = (locale: string): Language['direction'] =>
  RIGHT_TO_LEFT.has(new Intl.Locale(locale).maximize().script ?? '') ? 'rtl' : 'ltr'
