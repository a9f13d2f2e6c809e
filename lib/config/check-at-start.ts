import 'server-only'
import { config } from '../config'
import { logEvent } from '../log'

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
}
