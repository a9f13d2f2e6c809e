import 'server-only'
import { bareEntries } from '../../core/rules/connection-list'
import { PRIMARY_WORDS } from '../../core/rules/policy'
import { logEvent } from '../observability/log'
import { type Config, config } from './config'

/** Ends the process where the environment is unusable, naming every problem; else says what a start should say. */
export function checkAtStart(): void {
  try {
    config()
  } catch (error) {
    console.error(error instanceof Error ? error.message : 'The environment is not usable.')
    process.exit(1)
  }
  const isShared = config().redisUrl !== undefined
  logEvent('started', {
    replay_check: isShared
      ? 'shared: used tokens are remembered in Redis'
      : 'per instance: used tokens are remembered in the memory of this process',
  })
  for (const { variable, name } of bareNames(config()))
    logEvent('connection_name_bare', {
      variable,
      name,
      advice: `write strategy:${name}, or run npm run provision -- apply; version 1.0 does not read it without`,
    })
}

/**
 * Connections that are named without their strategy, in the lists in which that ends with version 1.0.
 *
 * @returns Each with its variable.
 */
export function bareNames({
  policy: { trusted, primary },
  connectConnections = [],
}: Pick<Config, 'policy' | 'connectConnections'>): { variable: string; name: string }[] {
  const lists = {
    TRUSTED_CONNECTIONS: bareEntries(trusted),
    PRIMARY: bareEntries(primary, PRIMARY_WORDS),
    CONNECT_CONNECTIONS: bareEntries(connectConnections),
  }
  return Object.entries(lists).flatMap(([variable, names]) => names.map((name) => ({ variable, name })))
}
