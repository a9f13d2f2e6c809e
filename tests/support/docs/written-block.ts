/**
 * Parts of documents that are written from the code.
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
 * The text with one written part replaced.
 *
 * @param text - Has the lines `<!-- written from NAME -->` and, after it, `<!-- end -->`.
 * @param name - What the part is written from.
 * @param content - Goes between these lines.
 * @throws {Error} If the text does not have these lines.
 */
export function withBlock(text: string, name: string, content: string): string {
  const begin = `<!-- written from ${name} -->`
  const start = text.indexOf(begin) + begin.length
  const end = text.indexOf(END, start)
  if (!text.includes(begin) || end === -1) throw new Error(`There is no ${begin} with ${END} after it.`)
  return `${text.slice(0, start)}\n${content}\n${text.slice(end)}`
}
