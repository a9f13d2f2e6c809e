import 'server-only'
import { bareNames } from '../config/bare-names'
import { type Config, problemsInWords } from '../config/config'
import { logEvent } from '../observability/log'

/**
 * Prints every problem and ends the process if the environment is unusable. Otherwise logs that the service has started, and
 * whether used tokens and background work are kept in Redis.
 *
 * @param readConfig - Reads and checks the environment.
 * @returns The configuration.
 */
export async function checkAtStart(readConfig: () => Config): Promise<Config> {
  const settings = readOrExit(readConfig)
  await checkSentences(settings)
  logEvent('started', {
    replay_check:
      settings.redisUrl !== undefined
        ? 'shared: used tokens are remembered in Redis'
        : 'per instance: used tokens are remembered in the memory of this process',
    background_work:
      settings.redisUrl !== undefined
        ? 'kept: what waits is in Redis'
        : 'per instance: what waits is lost with this process',
  })
  for (const { variable, name } of bareNames(settings))
    logEvent('connection_name_bare', {
      variable,
      name,
      advice: `write strategy:${name}, or run npm run provision -- apply; version 1.0 does not read it without`,
    })
  return settings
}

/** Checks the operator's own sentences. The code for this is loaded only if there are any. */
async function checkSentences({ messageOverrides }: Config): Promise<void> {
  if (Object.keys(messageOverrides).length === 0) return
  const { overrideProblems } = await import('../messages/check-overrides')
  const problems = overrideProblems(messageOverrides)
  if (problems.length === 0) return
  console.error(problemsInWords(problems.map((problem) => `MESSAGES_OVERRIDES ${problem}`)))
  process.exit(1)
}

function readOrExit(readConfig: () => Config): Config {
  try {
    return readConfig()
  } catch (error) {
    console.error(error instanceof Error ? error.message : 'The environment is not usable.')
    process.exit(1)
  }
}
