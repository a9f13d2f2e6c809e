/**
 * The events webhook of the control API.
 * @module
 */
import type { TenantState } from '../state'

/** How many events are stored. */
const MAX_EVENTS = 50

/** The headers of Standard Webhooks. */
const WEBHOOK_HEADERS = ['webhook-id', 'webhook-timestamp', 'webhook-signature']

/**
 * Stores an event that an application or an Action sent to the webhook. When there are too many, the oldest is removed.
 *
 * @param state - The tenant.
 * @param headers - The request's headers. Id, time and signature are stored unchanged; the tenant does not check them.
 * @param body - Any JSON.
 * @see https://www.standardwebhooks.com
 */
export function receiveEvent(state: TenantState, headers: Headers, body: unknown): void {
  const kept = WEBHOOK_HEADERS.flatMap((name) => {
    const value = headers.get(name)
    return value === null ? [] : [[name, value]]
  })
  const event = { at: new Date(state.now()).toISOString(), headers: Object.fromEntries(kept), body }
  state.events = [...state.events, event].slice(-MAX_EVENTS)
}
