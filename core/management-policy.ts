/**
 * When a call of the Management API may be made once more, and after what pause: the same for the Action and the service.
 * @module
 */
import { type CallFailure, isFinal } from './carry-out-link'

/** Wait before a repeated call in milliseconds, if the answer names none or a shorter one. */
export const PAUSE_MS = 250

/**
 * Whether a failed call may be made once more. A link is not: the second one may do something else. What ends sessions or tokens is
 * only if the tenant turned it away, because the tenant may act later than it answers. Reads and merges, which write the same
 * again, are after whatever may be over in a moment. After a 401 see to the token first: nothing was done then.
 *
 * @param method - Of the call. A call that removes a user or an identity is not to be repeated at all.
 */
export const mayRepeat = (method: string, failure: CallFailure): boolean =>
  method === 'DELETE' ? failure.status === 429 : method !== 'POST' && !isFinal(failure)

/**
 * How long an answer asks to wait, in milliseconds; at least {@link PAUSE_MS}. Auth0 names seconds, or the time of the next call.
 *
 * @param headers - Of the answer.
 * @param now - Milliseconds since the epoch.
 * @see {@link https://auth0.com/docs/troubleshoot/customer-support/operational-policies/rate-limit-policy Rate Limit Policy}
 */
export function waitOf(headers: Pick<Headers, 'get'>, now: number): number {
  const ms = (name: string) => Number(headers.get(name)) * 1_000
  return Math.max(ms('retry-after') || ms('x-ratelimit-reset') - now || 0, PAUSE_MS)
}
