/**
 * The events webhook of the control API.
 * @module
 */
import type { TenantState } from '../state'

/** Of what is received, the most that is kept. */
const KEPT = 50

/** Those of Standard Webhooks. */
const HEADERS = ['webhook-id', 'webhook-timestamp', 'webhook-signature']

/**
 * Keeps what an application or an Action sent to the webhook; the oldest gives way.
 *
 * @param state - The tenant.
 * @param headers - Of the request: identifier, time and signature are kept as they are, and checked by nobody here.
 * @param body - Any JSON.
 * @see https://www.standardwebhooks.com
 */
export function receiveEvent(state: TenantState, headers: Headers, body: unknown): void {
  const kept = HEADERS.flatMap((name) => {
    const value = headers.get(name)
    return value === null ? [] : [[name, value]]
  })
  const event = { at: new Date(state.now()).toISOString(), headers: Object.fromEntries(kept), body }
  state.events = [...state.events, event].slice(-KEPT)
}
