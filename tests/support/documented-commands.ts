/**
 * Commands as the documents say them, for tests that run them.
 * @module
 */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** A statement of a shell: to the end of its line, unless a quotation or a backslash goes on. */
const STATEMENT = /(?:'[^']*'|"[^"]*"|\\\n|[^'"\n])+/g
const PROGRAMS =
  'npm|npx|node|docker|vercel|a0deploy|curl|openssl|redis-cli|printf|echo|git|cp|rm|export|gunzip|jq'
/** What stands within a sentence and is meant to be typed: a program with arguments, variables before it. */
const TYPED = new RegExp(`\`((?:[A-Z_]+=\\S+ )*(?:${PROGRAMS}) [^\`]+)\``, 'g')

/** A document's path from the root, and its text. */
export interface Document {
  path: string
  text: string
}

/** All documents. */
export function documents(): Document[] {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '*.md']
  const paths = execFileSync('git', args, { encoding: 'utf8' }).trim().split('\n')
  return paths.map((path) => ({ path, text: readFileSync(path, 'utf8') }))
}

/**
 * The fenced blocks of a document, without what they are indented by.
 *
 * @param language - Of those that are wanted.
 */
export function blocksOf(text: string, language: string): string[] {
  const blocks = text.matchAll(new RegExp(`^( *)\`\`\`${language}\n([\\s\\S]*?)^ *\`\`\`$`, 'gm'))
  return [...blocks].map(([, indent, body = '']) => body.replaceAll(new RegExp(`^${indent}`, 'gm'), ''))
}

/** The commands of a document, one by one: of its blocks for a shell, and those within sentences. */
export function commandsOf(text: string): string[] {
  const statements = blocksOf(text, 'sh').flatMap((block) => block.match(STATEMENT) ?? [])
  const typed = [...text.matchAll(TYPED)].map(([, command = '']) => command)
  return [...statements, ...typed].flatMap((statement) => statement.replace(/ +# .*$/, '').split(' && '))
}

/**
 * The commands of a page that begin with some words, as they stand there.
 *
 * @param path - Of the page, from the root.
 * @param beginning - Whole words.
 * @throws {Error} Where there is none.
 */
export function commandsIn(path: string, beginning: string): [string, ...string[]] {
  const all = commandsOf(readFileSync(path, 'utf8'))
  const [first, ...more] = all.filter((one) => `${one} `.startsWith(`${beginning} `))
  if (first === undefined) throw new Error(`${path} has no command that begins with ${beginning}`)
  return [first, ...more]
}
