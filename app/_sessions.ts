import 'server-only'
import { config } from '@/lib/config/config'
import { createSessions, type Sessions } from '@/lib/session/session'

let made: Sessions | undefined

/**
 * The sessions of this application. Made on first use, because the build runs without an environment. Apart from the other services,
 * because the redirect flow does not load the session library.
 *
 * @throws {Error} If the environment is unusable.
 */
export function sessions(): Sessions {
  made ??= createSessions(config())
  return made
}
