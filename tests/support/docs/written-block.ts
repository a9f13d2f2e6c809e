/**
 * Writes the parts of documents that are generated from the code.
 * @module
 */

const END = '<!-- end -->'

/** A table in Markdown. */
export function tableOf(head: string[], rows: string[][]): string {
  return [head, head.map(() => '---'), ...rows]
    .map((row) => `| ${row.join(' | ')} |`.replace(/ {2,}/g, ' '))
    .join('\n')
}

/**
 * Replaces one generated part of a text.
 *
 * @param text - Contains the line `<!-- written from NAME -->` and, after it, the line `<!-- end -->`.
 * @param name - The name in the first of these lines.
 * @param content - What to put between these lines.
 * @throws {Error} If the text does not have these lines.
 */
export function withBlock(text: string, name: string, content: string): string {
  const begin = `<!-- written from ${name} -->`
  const start = text.indexOf(begin) + begin.length
  const end = text.indexOf(END, start)
  if (!text.includes(begin) || end === -1) throw new Error(`There is no ${begin} with ${END} after it.`)
  return `${text.slice(0, start)}\n${content}\n${text.slice(end)}`
}
