/**
 * `node scripts/docs-report.mjs` prints how many words each document has, and which sentences and table rows appear in two
 * places. Exits with status 1 if there are any.
 * @module
 */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ROOT } from './lib/paths.mjs'

/** A sentence with fewer words may appear twice. */
const LONG_ENOUGH = 8
/** Pages in these folders are records or evidence. They are left out, because they may quote other pages. */
const RECORDS = /^docs\/(decisions|assurance)\//

/**
 * Returns the paths of the README, the guides and the reference.
 *
 * @returns {string[]} Paths relative to the root.
 */
export function guides() {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', 'README.md', 'docs/*.md']
  const paths = execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim().split('\n')
  return [...new Set(paths)].filter((path) => !RECORDS.test(path))
}

/**
 * Returns a document without the parts that are generated from the code.
 *
 * @param {string} text - Markdown.
 */
export const withoutWritten = (text) => text.replaceAll(/<!-- written [\s\S]*?<!-- end -->/g, '')

/** Returns a document without code blocks and without the parts that are generated from the code. */
const proseOf = (text) => withoutWritten(text).replaceAll(/^ *```[\s\S]*?^ *```$/gm, '')

/**
 * Counts the words of a document. A word is a text between spaces with a letter or a digit. Code blocks and generated parts
 * do not count.
 *
 * @param {string} text - Markdown.
 */
export const wordsIn = (text) =>
  proseOf(text)
    .split(/\s+/)
    .filter((word) => /[\p{L}\p{N}]/u.test(word)).length

/**
 * Returns the sentences and table rows of a document that are long enough to be compared.
 *
 * @param {string} text - Markdown. Code blocks and generated parts do not count.
 * @returns {string[]} In lower case, without Markdown syntax.
 */
export function statementsOf(text) {
  const blocks = proseOf(text).split(/\n\s*\n|\n(?=\s*(?:[-*|#]|\d+\. ))/)
  return blocks
    .flatMap((block) => (block.trim().startsWith('|') ? [block] : block.split(/(?<=[.:?!]["*)]*)\s+/)))
    .map(plain)
    .filter((statement) => statement.split(' ').length >= LONG_ENOUGH)
}

/** Returns a sentence as a reader sees it: sentences that differ only in Markdown syntax or link targets become equal. */
const plain = (statement) =>
  statement
    .replaceAll(/\]\([^)]*\)/g, ']')
    .replaceAll(/[`*[\]|]/g, ' ')
    .replaceAll(/^\s*(?:-|#+|\d+\.)\s/g, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\s.:]+$/g, '')
    .trim()
    .toLowerCase()

/**
 * Returns the sentences and table rows that appear more than once.
 *
 * @param {{ path: string, text: string }[]} documents
 * @returns {{ statement: string, paths: string[] }[]}
 */
export function repeatedIn(documents) {
  const places = new Map()
  for (const { path, text } of documents)
    for (const statement of statementsOf(text))
      places.set(statement, [...(places.get(statement) ?? []), path])
  return [...places]
    .filter(([, paths]) => paths.length > 1)
    .map(([statement, paths]) => ({ statement, paths }))
}

/** Reads the documents, and prints the report. */
function main() {
  const documents = guides().map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }))
  const counts = documents.map(({ path, text }) => ({ path, words: wordsIn(text) }))
  for (const { path, words } of counts) console.log(`${String(words).padStart(6)} ${path}`)
  console.log(`${String(counts.reduce((sum, { words }) => sum + words, 0)).padStart(6)} words in all`)
  const repeated = repeatedIn(documents)
  for (const { statement, paths } of repeated) console.log(`twice: ${statement}\n       ${paths.join(', ')}`)
  console.log(`${repeated.length} sentences or rows stand twice`)
  if (repeated.length > 0) process.exitCode = 1
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main()
