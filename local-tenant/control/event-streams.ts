/**
 * Event streams: the tenant sends an event to a webhook whenever a user is created, updated or deleted.
 * @module
 */
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SimpleFetch } from '../fetch-trusting'
import type { EventType, StoredEventStream } from '../management/event-stream'
import { toManagementUser } from '../management/management-user'
import type { StoredUser } from '../model'
import type { TenantState } from '../state'
import type { Delivery } from './records'

interface Event {
  id: string
  type: EventType
  userId: string
  body: string
  stream: StoredEventStream
}

/** How many delivery attempts are stored for the control API. */
const MAX_STORED = 1_000

/**
 * Sends the events of a tenant. The option `event_stream` sets delay, order and repetition. If a delivery gets neither a 2xx
 * nor a 4xx, it is tried again after each of the option's `pauses_ms`, by default 1, 2 and 4 seconds. A reset drops the
 * events that are not delivered yet.
 *
 * @param state - The tenant. Its `publish` is set here.
 * @param send - Makes the requests.
 * @see https://auth0.com/docs/customize/events/events-best-practices
 */
export function startEventStreams(state: TenantState, send: SimpleFetch): void {
  let waiting: Event[] = []
  let resets = 0
  state.onReset(() => {
    waiting = []
    resets += 1
  })

  state.publish = (type, user) => {
    for (const stream of state.eventStreams) {
      const isSubscribed = stream.subscriptions.some(({ event_type }) => event_type === type)
      if (stream.status !== 'enabled' || !isSubscribed) continue
      waiting.push(toEvent(state, stream, type, user))
      if (waiting.length === 1) void deliverWaiting(resets)
    }
  }

  async function deliverWaiting(since: number): Promise<void> {
    const { delay_ms, order, repeat } = state.options.event_stream
    await sleep(delay_ms, undefined, { ref: false })
    if (resets !== since) return
    const batch = waiting
    waiting = []
    if (order === 'reversed') batch.reverse()
    else if (order === 'shuffled') batch.sort(() => Math.random() - 0.5)
    for (const event of batch)
      for (let count = 0; count < repeat; count += 1) {
        const isAccepted = await attempt(event, 1, since)
        if (isAccepted === false) void retry(event, since)
      }
  }

  async function retry(event: Event, since: number): Promise<void> {
    for (const [index, pause] of state.options.event_stream.pauses_ms.entries()) {
      await sleep(pause, undefined, { ref: false })
      if ((await attempt(event, index + 2, since)) !== false) return
    }
  }

  /** Sends an event once. Returns true for a 2xx, undefined for a 4xx or after a reset, false if it must be sent again. */
  async function attempt(event: Event, count: number, since: number): Promise<boolean | undefined> {
    if (resets !== since) return undefined
    const { webhook_endpoint: url, webhook_authorization: authorization } =
      event.stream.destination.configuration
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${authorization.token}` }
    const status = await send(url, { method: 'POST', headers, body: event.body }).then(
      async (response) => {
        await response.arrayBuffer().catch(() => undefined)
        return response.status
      },
      () => 0,
    )
    if (resets !== since) return undefined
    const delivery: Delivery = {
      at: new Date(state.now()).toISOString(),
      stream_id: event.stream.id,
      event_id: event.id,
      type: event.type,
      user_id: event.userId,
      attempt: count,
      status,
    }
    state.deliveries = [...state.deliveries, delivery].slice(-MAX_STORED)
    if (status >= 200 && status < 300) return true
    return status >= 400 && status < 500 ? undefined : false
  }
}

/** Builds the event to send: a CloudEvent that contains the whole user as it is now. */
function toEvent(state: TenantState, stream: StoredEventStream, type: EventType, user: StoredUser): Event {
  const id = `evt_${randomBytes(12).toString('hex')}`
  const time = new Date(state.now()).toISOString()
  const { host, hostname } = new URL(state.settings.canonicalOrigin)
  const object = { ...toManagementUser(user), ...(type === 'user.deleted' && { deleted_at: time }) }
  const body = {
    specversion: '1.0',
    type,
    source: `urn:auth0:${host}`,
    id,
    time,
    data: { object },
    a0tenant: hostname,
    a0stream: stream.id,
  }
  return { id, type, userId: user.user_id, body: JSON.stringify(body), stream }
}
