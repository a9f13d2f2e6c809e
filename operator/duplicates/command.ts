/**
 * What all commands of `npm run duplicates` have in common.
 * @module
 */
import { join } from 'node:path'
import { type ParseArgsConfig, parseArgs } from 'node:util'
import { AccountLinkingError } from '../../core/errors'
import { type LinkPolicy, POLICY_OPTIONS } from '../../core/rules/policy-options'
import { readOptions } from '../../core/rules/read-options'
import { type Config, parseConfig, problemsInWords } from '../../lib/config/config'
import type { Variables } from '../shared/env-file'
import { readEnvironment } from '../shared/environment'
import { OperatorError } from '../shared/operator-error'
import { DuplicatesError } from './error'
import { type Folder, folderAt } from './folder'

/** The exit statuses. */
export const DONE = 0
export const SOME_REFUSED = 1
export const STOPPED = 2
export const COULD_NOT_RUN = 3

/** Where everything is kept if `--out` does not say. */
const DEFAULT_OUT = join('.account-linking', 'duplicates')

/** The options that every command has. */
const COMMON = { out: { type: 'string' }, env: { type: 'string' } } as const

/**
 * Reads the arguments of a command.
 *
 * @throws {DuplicatesError} `bad_arguments`.
 */
export function readArguments<Options extends NonNullable<ParseArgsConfig['options']>>(
  args: string[],
  options: Options,
) {
  try {
    return parseArgs({ args, options: { ...options, ...COMMON }, allowPositionals: true })
  } catch (error) {
    throw new DuplicatesError('bad_arguments', (error as Error).message, { cause: error })
  }
}

/** The folder of a command. */
export const folderOf = ({ out }: { out?: string | undefined }): Folder => folderAt(out ?? DEFAULT_OUT)

/** The environment of the service. */
export const environmentOf = ({ env }: { env?: string | undefined }): Variables =>
  readEnvironment(process.cwd(), env)

/**
 * The rules of linking in an environment. The rest of it need not be set.
 *
 * @throws {OperatorError} `bad_settings`.
 */
export function policyIn(env: Variables): LinkPolicy {
  const { values, problems } = readOptions(POLICY_OPTIONS, (name) => env[name])
  const [problem] = problems
  if (problem) throw new OperatorError('bad_settings', `${problem.option.name} cannot be read.`)
  return values
}

/**
 * The service's configuration.
 *
 * @throws {OperatorError} `bad_settings`.
 */
export function configIn(env: Variables): Config {
  const parsed = parseConfig(env)
  if ('problems' in parsed) throw new OperatorError('bad_settings', problemsInWords(parsed.problems))
  return parsed.config
}

/**
 * Runs a command, and says why it could not run.
 *
 * @param run - Gives the exit status.
 */
export async function reporting(run: () => Promise<number>): Promise<number> {
  try {
    return await run()
  } catch (error) {
    if (!(error instanceof AccountLinkingError)) throw error
    console.error(`${error.code}: ${error.message}`)
    return COULD_NOT_RUN
  }
}
