import 'server-only'
import '@/app/_library'
import { config } from '@/lib/config/config'
import { type ConsoleServices, createConsoleServices } from '@/lib/console/services'
import type { ConsoleSession } from '@/lib/console/session'

let made: { services: ConsoleServices | undefined } | undefined

/**
 * The console's services; undefined if the operator has not turned it on. They are made on first use, because there is no
 * environment during the build.
 *
 * @throws {Error} If the environment is unusable.
 */
export function consoleServices(): ConsoleServices | undefined {
  made ??= { services: createConsoleServices(config()) }
  return made.services
}

/** An operator, and what the console works with. */
export interface Operator {
  services: ConsoleServices
  session: ConsoleSession
}
