import 'server-only'
import { config } from '@/lib/config'
import type { SessionTokenClaims } from '@/lib/linking/contract'
import { logEvent } from '@/lib/log'
import { openFlows, updatedCookie } from '@/lib/session/link-transaction'

/** How long after its start a second authorization may arrive here, in seconds. */
const WINDOW = 15 * 60

/**
 * Recognises the arrival that belongs to a second authorization of this browser. Auth0's published Actions run in it as
 * in any login and send the browser here again; asked there once more, nobody would ever get back to the first question.
 *
 * @returns The `Set-Cookie` line that notes the one arrival let through, or undefined where this is a login of its own.
 */
export async function noteNestedArrival(
  request: Request,
  claims: SessionTokenClaims,
): Promise<string | undefined> {
  const now = Date.now() / 1000
  const waiting = (await openFlows(request)).find(
    ({ attempt }) => attempt && !attempt.passed && now - attempt.startedAt <= WINDOW,
  )
  if (!waiting?.attempt) return undefined
  if (claims.contract === 'own') {
    if (claims.clientId !== config().linkingClient.id) return undefined
    logEvent('linking_client_not_excluded', { hint: 'set account_linking=true in its client metadata' })
  }
  return updatedCookie({ ...waiting, attempt: { ...waiting.attempt, passed: true } })
}
