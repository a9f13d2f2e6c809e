/**
 * What the commands of `npm run duplicates` take from the service's environment.
 * @module
 */
import { type LinkPolicy, POLICY_OPTIONS } from '../../core/rules/policy-options'
import { readOptions } from '../../core/rules/read-options'
import { type Config, parseConfig, problemsInWords } from '../../lib/config/config'
import type { Variables } from '../shared/env-file'
import { DuplicatesError } from './error'

/**
 * The rules of linking in an environment. The rest of it need not be set.
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
 * The service's configuration.
 *
 * @throws {DuplicatesError} `environment_unusable`.
 */
export function configIn(env: Variables): Config {
  const parsed = parseConfig(env)
  if ('problems' in parsed)
    throw new DuplicatesError('environment_unusable', problemsInWords(parsed.problems))
  return parsed.config
}
