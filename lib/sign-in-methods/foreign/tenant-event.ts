/**
 * The events that Auth0 sends about users (Event Streams), as far as we read them.
 * @module
 */
import 'server-only'
import { z } from 'zod'

/** The types of events that we act on. We accept and ignore all others. */
const TYPES = ['user.updated', 'user.deleted'] as const

/** Any event, in the form of CloudEvents. */
const AnyEvent = z.object({
  type: z.string(),
  /** The same in every attempt to deliver the event. */
  id: z.string().min(1).max(200),
  time: z.string().optional(),
  /** `test` if an operator sent the event from the dashboard, with a made-up user. */
  a0purpose: z.string().optional(),
  data: z.unknown(),
})

/** An event about a user that was updated or deleted. */
export interface TenantEvent {
  type: (typeof TYPES)[number]
  id: string
  /** When it happened, in seconds since the epoch, and never in the future. */
  at: number
  /** The user as the event describes it. Not checked. */
  user: unknown
}

/**
 * Reads the body of a request of an event stream.
 *
 * @param body - Any JSON.
 * @returns The event; `ignored` if it is of another type, or a test; undefined if the body is not an event.
 * @see {@link https://auth0.com/docs/customize/events/event-types Event types}
 * @see {@link https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md CloudEvents}
 */
export function parseTenantEvent(body: unknown): TenantEvent | 'ignored' | undefined {
  const { data: event } = AnyEvent.safeParse(body)
  if (!event) return undefined
  const type = TYPES.find((known) => known === event.type)
  if (!type || event.a0purpose === 'test') return 'ignored'
  const now = Date.now() / 1000
  const time = Date.parse(event.time ?? '') / 1000
  return {
    type,
    id: event.id,
    at: Math.floor(time > 0 ? Math.min(time, now) : now),
    user: (Object(event.data) as { object?: unknown }).object,
  }
}
