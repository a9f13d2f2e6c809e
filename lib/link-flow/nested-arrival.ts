import 'server-only'
import type { SessionTokenClaims } from '@/core/contract-session-token'
import { openFlows, updatedCookie } from '@/lib/link-flow/link-transaction'
import type { LinkTransaction } from '@/lib/link-flow/transaction-shape'
import { logEvent } from '@/lib/observability/log'
import type { Services } from './services'

/** How long after its start a second authorization may send the browser to `/link` with a session token, in seconds. */
const NESTED_ARRIVAL_SECONDS = 15 * 60

/**
 * What a session token means to the flows of this browser that wait for their second authorization.
 *
 * - `noted`: it is for an account of such a flow, so it comes from that authorization. `noted` is the `Set-Cookie` line that
 *   records this.
 * - `another`: it is for another account. The person signed in to the wrong one, or opened a URL that someone sent them.
 */
export type NestedArrival = { noted: string } | 'another'

/**
 * Recognizes a session token from the second authorization of a flow. Auth0's published sample Actions run in that
 * authorization as in any login, and send the browser to `/link` again. If we showed the prompt again, the person would
 * never return to the first flow.
 *
 * @returns Undefined if no flow waits for its second authorization, or if the session token is from an independent login:
 *   our own Action says that it is not a login to the linking client (the application of second authorizations).
 */
export async function noteNestedArrival(
  services: Services,
  request: Request,
  claims: SessionTokenClaims,
): Promise<NestedArrival | undefined> {
  const waiting = (await openFlows(services, request)).filter(isWaiting)
  if (waiting.length === 0) return undefined
  if (claims.contract === 'own') {
    if (claims.clientId !== services.linkingClient.id) return undefined
    logEvent('linking_client_not_excluded', { hint: 'set account_linking=true in its client metadata' })
  }
  const flow = waiting.find(({ sub, candidates }) =>
    [sub, ...candidates.map(({ userId }) => userId)].includes(claims.sub),
  )
  // The token does not show who uses this browser: anyone who signs in gets such a token, and its URL can be opened in any
  // browser.
  if (!flow?.attempt) return 'another'
  return { noted: await updatedCookie(services, { ...flow, attempt: { ...flow.attempt, passed: true } }) }
}

function isWaiting({ attempt }: LinkTransaction): boolean {
  return (
    attempt !== undefined &&
    !attempt.passed &&
    Date.now() / 1000 - attempt.startedAt <= NESTED_ARRIVAL_SECONDS
  )
}
