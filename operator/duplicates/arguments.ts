/**
 * Reads the arguments of the commands.
 * @module
 */
import { type ParseArgsConfig, parseArgs } from 'node:util'
import { DuplicatesError } from './error'

/** The folder that is used without `--out`. */
const DEFAULT_FOLDER = '.account-linking/duplicates'

type Options = NonNullable<ParseArgsConfig['options']>

/**
 * Reads the arguments of a command: its own options, and `--out` and `--env`, which every command has.
 *
 * @throws {DuplicatesError} `bad_arguments`
 */
export function readArguments<Own extends Options>(args: string[], options: Own) {
  const all = {
    ...options,
    out: { type: 'string', default: DEFAULT_FOLDER },
    env: { type: 'string' },
  } as const
  try {
    return parseArgs({ args, options: all, strict: true, allowPositionals: false }).values
  } catch (error) {
    throw new DuplicatesError('bad_arguments', Object(error).message)
  }
}

/**
 * Reads `--share`: the part of the tenant's rate limit that a command may use.
 *
 * @throws {DuplicatesError} `bad_arguments` unless it is above 0 and at most 1.
 */
export function readShare(text: string): number {
  const share = Number(text)
  if (!(share > 0 && share <= 1))
    throw new DuplicatesError('bad_arguments', '--share takes a number above 0, at most 1.')
  return share
}

/**
 * Reads `--limit`: a number of pairs, or infinity without the option.
 *
 * @throws {DuplicatesError} `bad_arguments` unless it is a whole number above 0.
 */
export function readLimit(text: string | undefined): number {
  if (text === undefined) return Number.POSITIVE_INFINITY
  if (!/^[1-9]\d{0,9}$/.test(text))
    throw new DuplicatesError('bad_arguments', '--limit takes a whole number above 0.')
  return Number(text)
}
