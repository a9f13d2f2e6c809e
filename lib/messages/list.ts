import 'server-only'
import type { Language } from './read-messages'

/** Joins names to a list by a language's rules: "a, b, and c", 「a、b、c」. */
export const listOf = ({ language }: Pick<Language, 'language'>, names: string[]): string =>
  new Intl.ListFormat(language, { type: 'conjunction' }).format(names)
