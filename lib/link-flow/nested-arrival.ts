import 'server-only'
import type { SessionTokenClaims } from '@/core/contract-session-token'
import { openFlows, updatedCookie } from '@/lib/link-flow/link-transaction'
import type { LinkTransaction } from '@/lib/link-flow/transaction-shape'
import { logEvent } from '@/lib/observability/log'
import type { Services } from './services'

/** How long after its start a second authorization may arrive here, in seconds. */
const NESTED_ARRIVAL_SECONDS = 15 * 60

/**
 * What an arrival at `/link` means to a flow that waits for its second authorization. Either it is the login of that
 * authorization, with the `Set-Cookie` line that records it; or it is the login of `another` account: the person signed in to a
 * wrong one, or opened an address that someone sent.
 */
export type NestedArrival = { noted: string } | 'another'

/**
 * Recognises the arrival that belongs to a second authorization of this browser. Auth0's published Actions run in it as
 * in any login and send the browser here again. If we asked again there, no one would ever get back to the first question.
 *
 * @returns Undefined if this is a login of its own.
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
  // Anyone who signs in gets such a token, and its address can be opened in any browser.
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
