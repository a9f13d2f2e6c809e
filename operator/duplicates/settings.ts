/**
 * Reads the settings that `npm run duplicates` needs from the service's environment variables.
 * @module
 */
import { type LinkPolicy, POLICY_OPTIONS } from '../../core/rules/policy-options'
import { readOptions } from '../../core/rules/read-options'
import { type Config, parseConfig, problemsInWords } from '../../lib/config/config'
import type { Variables } from '../shared/env-file'
import { DuplicatesError } from './error'

/**
 * Reads the linking rules. No other variables need to be set.
 *
 * @throws {DuplicatesError} `environment_unusable`.
 */
export function policyIn(env: Variables): LinkPolicy {
  const { values, problems } = readOptions(POLICY_OPTIONS, (name) => env[name])
  const [problem] = problems
  if (problem) throw new DuplicatesError('environment_unusable', `${problem.option.name} cannot be read.`)
  return values
}

/**
 * Reads the service's whole configuration.
 *
 * @throws {DuplicatesError} `environment_unusable`.
 */
export function configIn(env: Variables): Config {
  const parsed = parseConfig(env)
  if ('problems' in parsed)
    throw new DuplicatesError('environment_unusable', problemsInWords(parsed.problems))
  return parsed.config
}
