/**
 * `/api/v2/event-streams`: streams to webhooks with a bearer token.
 * @module
 */
import { randomBytes } from 'node:crypto'
import { Hono } from 'hono'
import { z } from 'zod'
import type { StoredEventStream } from '../management/event-stream'
import { type ManagementEnv, requireScope } from '../management/management-auth'
import { ManagementRefusal, parsePart } from '../management/management-errors'
import { readPayload } from '../management/payload'
import type { TenantState } from '../state'

const ListQuery = z.strictObject({ from: z.string().optional(), take: z.string().optional() })

const Status = z.enum(['enabled', 'disabled'])
const Subscriptions = z.array(z.strictObject({ event_type: z.string() }))
const Destination = z.strictObject({
  type: z.enum(['webhook']),
  configuration: z.strictObject({
    webhook_endpoint: z.string().describe('Target HTTP endpoint URL.'),
    webhook_authorization: z.strictObject({
      method: z.enum(['bearer']).describe('Type of authorization.'),
      token: z.string().min(1).describe('The bearer token.'),
    }),
  }),
})

const NewStream = z.strictObject({
  name: z.string().min(1).max(128).describe('Name of the event stream.').optional(),
  subscriptions: Subscriptions.describe('List of event types subscribed to in this stream.').optional(),
  destination: Destination,
  status: Status.optional(),
})

const StreamChange = NewStream.partial()

/**
 * Reads, creates, changes and deletes event streams.
 *
 * @see https://auth0.com/docs/api/management/v2/event-streams
 */
export function eventStreams(state: TenantState): Hono<ManagementEnv> {
  const app = new Hono<ManagementEnv>()

  app.get('/api/v2/event-streams', (context) => {
    requireScope(context.get('caller'), ['read:event_streams'])
    parsePart(ListQuery, context.req.query(), 'Query')
    return context.json({ eventStreams: state.eventStreams.map(toShown) })
  })

  app.get('/api/v2/event-streams/:id', (context) => {
    requireScope(context.get('caller'), ['read:event_streams'])
    return context.json(toShown(requireStream(state, context.req.param('id'))))
  })

  app.post('/api/v2/event-streams', async (context) => {
    requireScope(context.get('caller'), ['create:event_streams'])
    const input = parsePart(NewStream, await readPayload(context.req), 'Payload')
    const now = new Date(state.now()).toISOString()
    const stream: StoredEventStream = {
      id: `est_${randomBytes(8).toString('hex')}`,
      name: input.name ?? '',
      subscriptions: input.subscriptions ?? [],
      destination: input.destination,
      status: input.status ?? 'enabled',
      created_at: now,
      updated_at: now,
    }
    state.eventStreams.push(stream)
    context.set('effect', 'create')
    return context.json(toShown(stream), 201)
  })

  app.patch('/api/v2/event-streams/:id', async (context) => {
    requireScope(context.get('caller'), ['update:event_streams'])
    const change = parsePart(StreamChange, await readPayload(context.req), 'Payload')
    const stream = requireStream(state, context.req.param('id'))
    Object.assign(stream, change, { updated_at: new Date(state.now()).toISOString() })
    context.set('effect', 'patch')
    return context.json(toShown(stream))
  })

  app.delete('/api/v2/event-streams/:id', (context) => {
    requireScope(context.get('caller'), ['delete:event_streams'])
    const stream = requireStream(state, context.req.param('id'))
    state.eventStreams = state.eventStreams.filter((each) => each !== stream)
    context.set('effect', 'delete')
    return context.body(null, 204)
  })

  return app
}

function requireStream(state: TenantState, id: string): StoredEventStream {
  const stream = state.eventStreams.find((each) => each.id === id)
  if (!stream) throw new ManagementRefusal(404, 'The event stream does not exist.', 'inexistent_event_stream')
  return stream
}

/** A stream as the Management API shows it: without the token. */
function toShown(stream: StoredEventStream): object {
  const { destination } = stream
  const { webhook_endpoint, webhook_authorization } = destination.configuration
  const configuration = {
    webhook_endpoint,
    webhook_authorization: { method: webhook_authorization.method },
  }
  return { ...stream, destination: { ...destination, configuration } }
}
