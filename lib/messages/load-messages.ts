import 'server-only'
import type english from '../../messages/en.json'
import { LANGUAGE_FILES } from '../../messages/languages'
import type { Messages } from './en'

/** A file of sentences in any language: the names of the English one. The compiler refuses a file that lacks one. */
export type MessageFile = Widened<typeof english>
type Widened<Part> = {
  readonly [Name in keyof Part]: Part[Name] extends string ? string : Widened<Part[Name]>
}

/** The tag of a file in `messages/`. */
export type LanguageTag = keyof typeof LANGUAGE_FILES

const FILES: Record<LanguageTag, () => Promise<{ default: MessageFile }>> = LANGUAGE_FILES

/** The languages that there are, by tag. */
export const LANGUAGES = Object.keys(FILES) as LanguageTag[]

const loaded = new Map<LanguageTag, Messages>()

/** The sentences of one language. Its file, and what reads it, are loaded when they are first needed, and kept. */
export async function loadMessages(language: LanguageTag): Promise<Messages> {
  const kept = loaded.get(language)
  if (kept) return kept
  const [{ readMessages }, file] = await Promise.all([import('./read-messages'), FILES[language]()])
  // The English file says how each sentence is called; a test holds every other file to that.
  const messages = readMessages(language, file.default) as unknown as Messages
  loaded.set(language, messages)
  return messages
}
