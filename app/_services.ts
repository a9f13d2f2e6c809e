import 'server-only'
import { config } from '@/lib/config/config'
import { createServices, type Services } from '@/lib/link-flow/services'
import { loadAccountWork } from './_account-work'

let made: Services | undefined

/**
 * The services of the redirect flow. They are made on first use, because there is no environment during the build. Each route's
 * bundle makes its own, because it has its own copy of every class.
 *
 * @throws {Error} If the environment is unusable.
 */
export function linkFlowServices(): Services {
  made ??= createServices(config(), loadAccountWork)
  return made
}
