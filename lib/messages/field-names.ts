import 'server-only'
import type { Messages } from './en'
import { listOf } from './list'
import { plainText } from './mask-email'

/**
 * Lists the names of metadata fields, for use in a sentence.
 *
 * @param more - How many further fields there are. The list ends with this number.
 * @returns Undefined if there are no fields.
 */
export function fieldNames(messages: Messages, names: string[], more: number): string | undefined {
  const parts = [
    ...names.map(isolated),
    ...(more > 0 ? [messages.settings.fields.more({ count: more })] : []),
  ]
  return parts.length > 0 ? listOf(messages, parts) : undefined
}

/**
 * Makes a name safe within a sentence: if it is not ASCII, it gets direction isolates, so that it cannot change the direction of
 * the text around it.
 *
 * @see {@link https://www.unicode.org/reports/tr9/ UAX 9}, isolates
 */
export function isolated(name: string): string {
  const text = plainText(name)
  return /^[\x20-\x7e]*$/.test(text) ? text : `\u2068${text}\u2069`
}
