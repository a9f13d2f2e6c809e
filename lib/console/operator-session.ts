import 'server-only'
import { logEvent } from '../observability/log'
import type { WithHeaders } from '../session/cookies'
import { assertOperatorAllowed } from './limits'
import { isOperator } from './operator'
import type { ConsoleServices } from './services'
import { type ConsoleSession, readSession } from './session'

/**
 * The session of an operator who may use the console now; undefined for any other request. It reads the account and its permissions
 * fresh, so a permission that was taken away, or an account that was linked or blocked, counts at once.
 *
 * @throws {LinkingError} `rate_limited`
 * @throws {ManagementApiError}
 */
export async function operatorOf(
  services: ConsoleServices,
  request: WithHeaders,
): Promise<ConsoleSession | undefined> {
  const session = await readSession(services, request)
  if (!session) return undefined
  await assertOperatorAllowed(services, 'view', session)
  if (await isOperator(services, services.managementApi(), session.userId)) return session
  logEvent('console_refused', { code: 'not_operator' })
  return undefined
}
