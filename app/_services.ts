import 'server-only'
import { config } from '@/lib/config/config'
import { createServices, type Services } from '@/lib/link-flow/services'
import { loadAccountWork } from './_account-work'

let made: Services | undefined

/**
 * The services of the redirect flow. Made on first use, because the build runs without an environment. Each bundle of a route has
 * its own, because each has its own copy of every class.
 *
 * @throws {Error} If the environment is unusable.
 */
export function services(): Services {
  made ??= createServices(config(), loadAccountWork)
  return made
}
