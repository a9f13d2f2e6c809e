import 'server-only'
import type english from '../../messages/en.json'
import { LANGUAGE_FILES } from '../../messages/languages'
import type { MessageOverrides, SentenceTree } from '../config/message-overrides'
import type { Messages } from './en'

/** A file of sentences in any language. It has the same keys as the English file; the compiler refuses a file that lacks one. */
export type MessageFile = Widened<typeof english>
type Widened<Part> = {
  readonly [Name in keyof Part]: Part[Name] extends string ? string : Widened<Part[Name]>
}

/** The language tag of a file in `messages/`. */
export type LanguageTag = keyof typeof LANGUAGE_FILES

const FILES: Record<LanguageTag, () => Promise<{ default: MessageFile }>> = LANGUAGE_FILES

/** The tags of all languages that we have. */
export const LANGUAGES = Object.keys(FILES) as LanguageTag[]

const loaded = new WeakMap<MessageOverrides, Map<LanguageTag, Messages>>()

/**
 * Loads the sentences of one language. The file and the code that reads it are loaded on first use and then kept in memory.
 *
 * @param overrides - The operator's own sentences, which replace those of the file.
 */
export async function loadMessages(language: LanguageTag, overrides: MessageOverrides): Promise<Messages> {
  const kept = loaded.get(overrides) ?? new Map<LanguageTag, Messages>()
  loaded.set(overrides, kept)
  const before = kept.get(language)
  if (before) return before
  const [{ readMessages }, file] = await Promise.all([import('./read-messages'), FILES[language]()])
  // The types come from the English file. A test checks that the sentences of every other file have the same arguments.
  const messages = readMessages(
    language,
    overridden(file.default, overrides[language]),
  ) as unknown as Messages
  kept.set(language, messages)
  return messages
}

function overridden(file: object, own: SentenceTree = {}): object {
  const parts = Object.entries(file).map(([name, part]) => {
    const instead = Object.hasOwn(own, name) ? own[name] : undefined
    return [
      name,
      typeof part === 'string' || typeof instead === 'string' ? (instead ?? part) : overridden(part, instead),
    ]
  })
  return Object.fromEntries(parts)
}
