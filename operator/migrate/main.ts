/**
 * `npm run migrate:extension`: reports what happens to the settings of the Account Link Extension, and writes them as
 * variables. Reads and writes files, and makes no network requests.
 * @module
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { carryOver } from './carry-over'
import { envFragment } from './env-fragment'
import { MigrationError } from './migration-error'
import { parseExport } from './parse-export'
import { toReport } from './report'

const USAGE = 'npm run migrate:extension -- --settings FILE [--locales FILE] [--out FILE]'

/** The files that the flags name. */
export interface Files {
  settings: string
  locales?: string
  /** Path of a file that must not exist yet; undefined means the standard output. */
  out?: string
}

/**
 * Reads the flags.
 *
 * @param args - The arguments after the program's name.
 * @throws {MigrationError} `bad_arguments` for an unknown flag, for a flag without its file, and without `--settings`.
 */
export function parseFlags(args: string[]): Files {
  const text = { type: 'string' } as const
  try {
    const { values } = parseArgs({ args, options: { settings: text, locales: text, out: text } })
    const { settings, locales, out } = values
    if (settings) return { settings, locales, out }
  } catch {
    // Do not rethrow: the error would repeat the arguments.
  }
  throw new MigrationError('bad_arguments', USAGE)
}

/**
 * Writes the variables to the `--out` file, and the report to the standard output. Without `--out`, the variables go to
 * the standard output, and the report to the standard error output.
 *
 * @param args - The arguments after the program's name.
 * @throws {MigrationError} Any of its codes. Then nothing was written.
 */
export function main(args: string[]): void {
  const { settings, locales, out } = parseFlags(args)
  const exported = parseExport(readJson(settings), locales === undefined ? undefined : readJson(locales))
  const entries = carryOver(exported.settings)
  const fragment = envFragment(entries)
  const report = toReport(entries, exported)
  if (out === undefined) {
    console.error(`${report}\n`)
    console.log(fragment)
  } else {
    writeNew(out, fragment)
    console.log(`${report}\n\nThe variables are in ${out}.`)
  }
}

function readJson(file: string): unknown {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    throw new MigrationError('file_unreadable', file)
  }
  try {
    // Some editors start a file with a byte order mark.
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    // The parser's message would repeat a part of the file.
    throw new MigrationError('not_json', file)
  }
}

function writeNew(file: string, text: string): void {
  try {
    // Only the owner may read it, because the operator will add secrets.
    writeFileSync(file, text, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    const exists = error instanceof Error && 'code' in error && error.code === 'EEXIST'
    throw new MigrationError(exists ? 'file_exists' : 'file_unwritable', file)
  }
}
