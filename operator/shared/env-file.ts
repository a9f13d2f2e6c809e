/**
 * The file with the service's environment.
 * @module
 */
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { OperatorError } from './operator-error'

/** Variables by name, without empty ones. */
export type Variables = Record<string, string>

/**
 * Reads the variables of a file.
 *
 * @param path - Path of the file, which may be missing.
 */
export function readEnvFile(path: string): Variables {
  if (!existsSync(path)) return {}
  const entries = Object.entries(parseEnv(readFileSync(path, 'utf8')))
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''),
  )
}

/**
 * Sets variables in the text of a file. The line of a variable that is set already changes in its place; other lines stay.
 *
 * @param text - Text of the file.
 * @param changes - New values by name; undefined removes a variable.
 * @throws {OperatorError} `bad_settings` for a value that different programs would read differently.
 */
export function changeVariables(text: string, changes: Record<string, string | undefined>): string {
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n')
  for (const [name, value] of Object.entries(changes)) {
    const at = lines.findIndex((line) => new RegExp(`^\\s*(export\\s+)?${name}\\s*=`).test(line))
    if (value === undefined) {
      if (at >= 0) lines.splice(at, 1)
    } else if (at >= 0) lines[at] = toLine(name, value)
    else lines.push(toLine(name, value))
  }
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`
}

function toLine(name: string, value: string): string {
  if (/^[\w.:/@+=-]*$/.test(value)) return `${name}=${value}`
  // Next.js expands dollar signs, even in quotes.
  if (/["\\$`\n\r]/.test(value))
    throw new OperatorError(
      'bad_settings',
      `${name} must not contain quotes, backslashes, dollar signs or line breaks.`,
    )
  return `${name}="${value}"`
}

/**
 * Changes variables in a file that only its owner may read. Deletes the file if no line is left.
 *
 * @param path - Path of the file, which is created if it does not exist.
 * @param changes - The same as for {@link changeVariables}.
 */
export function writeEnvFile(path: string, changes: Record<string, string | undefined>): void {
  const text = changeVariables(existsSync(path) ? readFileSync(path, 'utf8') : '', changes)
  if (text === '') rmSync(path, { force: true })
  else writePrivate(path, text)
}

/**
 * Writes a file that only its owner may read, atomically.
 *
 * @param path - Path of the file, which is replaced if it exists.
 */
export function writePrivate(path: string, text: string): void {
  const aside = `${path}.${process.pid}`
  writeFileSync(aside, text, { mode: 0o600 })
  chmodSync(aside, 0o600)
  renameSync(aside, path)
}

/**
 * Writes one file for each variable, in the format for `vercel env add NAME production < FILE`.
 *
 * @param folder - Path of the folder, which is emptied first.
 * @see {@link https://vercel.com/docs/cli/env vercel env}
 */
export function writeVariableFiles(folder: string, variables: Variables): void {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  for (const [name, value] of Object.entries(variables)) writePrivate(join(folder, name), value)
}
