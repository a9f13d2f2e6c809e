import { readSettings } from '../../action/settings'
import { type Step, simulateLogin } from '../../core/explain/simulate-login'
import { openReader, type Subject } from './gather'
import { readLogins } from './read-login'
import { rightsReader } from './rights-reader'

/** A login that was simulated. */
export interface SimulatedLogin {
  user_id: string
  steps: Step[]
}

/**
 * Simulates what the Action would do at the login of one user, or of each user with a given email address. Auth0 does not
 * show the Action's settings, so they come from this environment, as `apply` would set them, or are the Action's defaults.
 *
 * @param subject - What to examine. Its credentials should be the Action's, and must be allowed to read users.
 * @param who - A user id, or an email address.
 * @param now - Seconds since the epoch.
 * @returns One entry for each user; none if no user matches.
 * @throws {OperatorError} The errors of `openReader` and `readLogins`.
 */
export async function goThroughLogins(subject: Subject, who: string, now: number): Promise<SimulatedLogin[]> {
  const reader = await openReader(subject)
  const secrets = subject.desired.action.secrets.map(({ name, value }) => [name, value])
  const settings = readSettings(Object.fromEntries(secrets))
  if (!settings) return []
  const logins = await readLogins(reader.api, who)
  const rights = rightsReader(reader)
  const simulated: SimulatedLogin[] = []
  for (const { user, found } of logins)
    simulated.push({ user_id: user.user_id, steps: await simulateLogin(user, found, settings, now, rights) })
  return simulated
}
