import 'server-only'
import { logEvent } from '../observability/log'
import type { WithHeaders } from '../session/cookies'
import { assertOperatorAllowed } from './limits'
import { isOperator } from './operator'
import type { ConsoleServices } from './services'
import { type ConsoleSession, readSession } from './session'

/**
 * Returns the session of a request if the operator may use the console now, otherwise undefined. It reads the operator's account
 * and permissions from the tenant each time. So if the permission is removed, or the account is blocked or linked into another
 * one, access ends at once.
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
