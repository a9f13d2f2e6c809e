/**
 * Events as CloudEvents. A webhook gets the payload as its body, and the attributes as `ce-` headers (binary mode). An entry
 * of the stream in Redis is a whole CloudEvent, with the same payload as its `data`.
 *
 * @see docs/decisions/0049-a-stream-and-cloudevents.md
 * @module
 */
import 'server-only'
import { z } from 'zod'
import { type EventPayload, SCHEMA_PATH } from './event-schema'

/** The attributes of an event, apart from `datacontenttype`, which is always JSON. */
export interface CloudEventAttributes {
  specversion: '1.0'
  /** The message id, which a webhook gets as `webhook-id`. */
  id: string
  /** Our own origin. */
  source: string
  /** The host of our origin in reverse order, and our own type: `com.example.accounts.account.linked`. */
  type: string
  /** When it happened, ISO 8601. */
  time: string
  /** URL of the JSON Schema of the payload. */
  dataschema: string
}

/** An event in CloudEvents' JSON format. */
export interface CloudEvent extends CloudEventAttributes {
  datacontenttype: 'application/json'
  data: EventPayload
}

function attributesOf(
  appBaseUrl: string,
  id: string,
  { type, timestamp }: Pick<EventPayload, 'timestamp'> & { type: string },
): CloudEventAttributes {
  const reversedHost = new URL(appBaseUrl).hostname.split('.').toReversed().join('.')
  return {
    specversion: '1.0',
    id,
    source: appBaseUrl,
    type: `${reversedHost}.${type}`,
    time: timestamp,
    dataschema: appBaseUrl + SCHEMA_PATH,
  }
}

/**
 * Puts a payload into a CloudEvent. There is no `subject`: proxies and brokers log attributes, and the user ids of some
 * connections are email addresses.
 *
 * @param appBaseUrl - Our own origin.
 * @param id - The message id.
 * @see {@link https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md#context-attributes CloudEvents, context attributes}
 */
export const toCloudEvent = (appBaseUrl: string, id: string, payload: EventPayload): CloudEvent => ({
  ...attributesOf(appBaseUrl, id, payload),
  datacontenttype: 'application/json',
  data: payload,
})

const Envelope = z.object({ type: z.string(), timestamp: z.string() })

/**
 * The headers that make the request to a webhook a CloudEvent in binary mode. They are computed from the body, so that a
 * later attempt by another process sends the same headers.
 *
 * @param appBaseUrl - Our own origin.
 * @param id - The message id.
 * @param body - JSON text of the payload.
 * @returns No headers if the body is no payload of an event.
 * @see {@link https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md#31-binary-content-mode CloudEvents, HTTP binding}
 */
export function cloudEventHeaders(appBaseUrl: string, id: string, body: string): Record<string, string> {
  const envelope = Envelope.safeParse(JSON.parse(body))
  if (!envelope.success) return {}
  const attributes = Object.entries(attributesOf(appBaseUrl, id, envelope.data))
  return Object.fromEntries(attributes.map(([name, value]) => [`ce-${name}`, value]))
}
