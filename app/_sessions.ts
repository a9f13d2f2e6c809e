import 'server-only'
import { config } from '@/lib/config/config'
import { createSessions, type Sessions } from '@/lib/session/session'

let made: Sessions | undefined

/**
 * The sessions of this application. They are made on first use, because there is no environment during the build. They are not
 * part of the other services, because the redirect flow must not load the session library.
 *
 * @throws {Error} If the environment is unusable.
 */
export function sessions(): Sessions {
  made ??= createSessions(config())
  return made
}
