/**
 * When the Action and the service may retry a Management API call, and how long they wait before that.
 * @module
 */
import { type CallFailure, isPermanentFailure } from './carry-out-link'

/** Shortest wait before a retry, in milliseconds. */
export const PAUSE_MS = 250

/**
 * Whether a failed API call may be retried. POST: never, because it may have taken effect ({@link carryOutLink} checks that
 * before it repeats a link). DELETE: only after 429, because the tenant may act after it has responded. Reads and merges:
 * after any failure that may pass. False after 401: get a new token, then retry.
 *
 * @param method - HTTP method. Never retry a call that removes a user or an identity, whatever this returns.
 */
export const mayRepeat = (method: string, failure: CallFailure): boolean =>
  method === 'DELETE' ? failure.status === 429 : method !== 'POST' && !isPermanentFailure(failure)

/**
 * Milliseconds that a response asks to wait; at least {@link PAUSE_MS}. Auth0 sends seconds, or the time of the limit's reset.
 *
 * @param headers - Headers of the response.
 * @param now - Milliseconds since the epoch.
 * @see {@link https://auth0.com/docs/troubleshoot/customer-support/operational-policies/rate-limit-policy Rate Limit Policy}
 */
export function waitOf(headers: Pick<Headers, 'get'>, now: number): number {
  const ms = (name: string) => Number(headers.get(name)) * 1_000
  return Math.max(ms('retry-after') || ms('x-ratelimit-reset') - now || 0, PAUSE_MS)
}
