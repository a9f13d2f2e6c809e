/**
 * The webhooks of the control API. They receive what the linking service would send to an application: events, and requests
 * to move the application's own data with a link (adoption).
 * @module
 */
import type { TenantState } from '../state'
import type { ReceivedEvent } from './records'

/** How many events, and how many adoption requests, are stored. */
const MAX_STORED = 50

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
  state.events = [...state.events, received(state, headers, body)].slice(-MAX_STORED)
}

/** Stores an adoption request, as {@link receiveEvent} stores an event. The option `adoption` sets the response. */
export function receiveAdoption(state: TenantState, headers: Headers, body: unknown): void {
  state.adoptions = [...state.adoptions, received(state, headers, body)].slice(-MAX_STORED)
}

function received(state: TenantState, headers: Headers, body: unknown): ReceivedEvent {
  const kept = WEBHOOK_HEADERS.flatMap((name) => {
    const value = headers.get(name)
    return value === null ? [] : [[name, value]]
  })
  return { at: new Date(state.now()).toISOString(), headers: Object.fromEntries(kept), body }
}
