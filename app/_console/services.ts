import 'server-only'
import '@/app/_library'
import { config } from '@/lib/config/config'
import { type ConsoleServices, createConsoleServices } from '@/lib/console/services'
import type { ConsoleSession } from '@/lib/console/session'

let made: { services: ConsoleServices | undefined } | undefined

/**
 * The console's services; undefined if the console is not turned on. They are made at the first use, because the environment is not
 * set during the build.
 *
 * @throws {Error} If the environment is unusable.
 */
export function consoleServices(): ConsoleServices | undefined {
  made ??= { services: createConsoleServices(config()) }
  return made.services
}

/** The session of a signed-in operator, and the console's services. */
export interface Operator {
  services: ConsoleServices
  session: ConsoleSession
}
