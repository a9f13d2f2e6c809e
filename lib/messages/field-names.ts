import 'server-only'
import type { Messages } from './en'
import { listOf } from './list'
import { plainText } from './mask-email'

/**
 * Names of saved details, for a sentence.
 *
 * @param names - Those that are named.
 * @param more - How many there are beside these.
 * @returns Undefined if there are none.
 */
export function fieldNames(messages: Messages, names: string[], more: number): string | undefined {
  const parts = [
    ...names.map(isolated),
    ...(more > 0 ? [messages.settings.fields.more({ count: more })] : []),
  ]
  return parts.length > 0 ? listOf(messages, parts) : undefined
}

/** A name that cannot turn the sentence around it: {@link https://www.unicode.org/reports/tr9/ UAX 9}, isolates. */
export function isolated(name: string): string {
  const text = plainText(name)
  return /^[\x20-\x7e]*$/.test(text) ? text : `\u2068${text}\u2069`
}
