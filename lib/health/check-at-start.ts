import 'server-only'
import { bareNames } from '../config/bare-names'
import { config } from '../config/config'
import { logEvent } from '../observability/log'

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
