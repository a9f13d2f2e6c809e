/**
 * Event streams, and the types of events that the tenant sends to them.
 * @module
 */

/** The types of events that the tenant sends. */
export const EVENT_TYPES = ['user.created', 'user.updated', 'user.deleted'] as const

/** The type of an event. */
export type EventType = (typeof EVENT_TYPES)[number]

/** A stream, as the tenant stores it. */
export interface StoredEventStream {
  id: string
  name: string
  status: 'enabled' | 'disabled'
  subscriptions: { event_type: string }[]
  destination: {
    type: 'webhook'
    configuration: {
      webhook_endpoint: string
      webhook_authorization: { method: 'bearer'; token: string }
    }
  }
  created_at: string
  updated_at: string
}

/** Returns the stream that the demo starts with: all events go to the linking service, with `token` as bearer token. */
export const streamToApplication = (appOrigin: string, token: string): StoredEventStream => ({
  ...{ id: 'est_demo', name: 'Account linking', status: 'enabled' },
  subscriptions: EVENT_TYPES.map((event_type) => ({ event_type })),
  destination: {
    type: 'webhook',
    configuration: {
      webhook_endpoint: `${appOrigin}/auth0-events`,
      webhook_authorization: { method: 'bearer', token },
    },
  },
  created_at: new Date().toISOString(),
  updated_at: new Date().toISOString(),
})
