import { startApp } from '../../../scripts/lib/app-process.mjs'

/** An app that a test kills, and starts again. Give `start` to `ownDemo`. */
export function aRestartableApp() {
  let running: Awaited<ReturnType<typeof startApp>> | undefined
  let options: Parameters<typeof startApp>[0] | undefined
  const start: typeof startApp = async (given) => {
    options = given
    running = await startApp(given)
    return running
  }
  return {
    start,
    kill: async () => running?.kill(),
    startAgain: () => start(options as Parameters<typeof startApp>[0]),
  }
}
