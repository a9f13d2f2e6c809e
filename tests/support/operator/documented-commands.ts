/**
 * Reads commands from the documents, for tests that run them.
 * @module
 */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** A shell statement. It ends at the end of its line, unless a quotation or a backslash continues it. */
const STATEMENT = /(?:'[^']*'|"[^"]*"|\\\n|[^'"\n])+/g
const PROGRAMS =
  'npm|npx|node|docker|vercel|a0deploy|curl|openssl|redis-cli|printf|echo|git|cp|rm|export|gunzip|jq'
/** A command inside a sentence: a program with arguments, perhaps with variables before the program. */
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
 * The fenced blocks of a document, without their indentation.
 *
 * @param language - Language of the blocks to return.
 */
export function blocksOf(text: string, language: string): string[] {
  const blocks = text.matchAll(new RegExp(`^( *)\`\`\`${language}\n([\\s\\S]*?)^ *\`\`\`$`, 'gm'))
  return [...blocks].map(([, indent, body = '']) => body.replaceAll(new RegExp(`^${indent}`, 'gm'), ''))
}

/** The commands of a document, one by one: those in shell blocks, and those in sentences. */
export function commandsOf(text: string): string[] {
  const statements = blocksOf(text, 'sh').flatMap((block) => block.match(STATEMENT) ?? [])
  const typed = [...text.matchAll(TYPED)].map(([, command = '']) => command)
  return [...statements, ...typed].flatMap((statement) => statement.replace(/ +# .*$/, '').split(' && '))
}

/**
 * The commands of a document that begin with certain words, unchanged.
 *
 * @param path - Path of the document, from the root.
 * @param beginning - The words. Only whole words match.
 * @throws {Error} If there is no such command.
 */
export function commandsIn(path: string, beginning: string): [string, ...string[]] {
  const all = commandsOf(readFileSync(path, 'utf8'))
  const [first, ...more] = all.filter((one) => `${one} `.startsWith(`${beginning} `))
  if (first === undefined) throw new Error(`${path} has no command that begins with ${beginning}`)
  return [first, ...more]
}
