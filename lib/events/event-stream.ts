/**
 * The stream of events in Redis, for operators who have no webhook or want to read the newest events.
 *
 * @see docs/events.md
 * @module
 */
import 'server-only'
import { logEvent } from '../observability/log'
import { onRedis } from '../store/redis-connection'
import { toCloudEvent } from './cloud-event'
import type { EventPayload } from './event-schema'

/** Key of the stream, and the field of an entry that holds the event: a CloudEvent as JSON text. */
export const EVENT_STREAM = { key: 'account-linking:events', field: 'event' } as const
/** How many of the newest entries the stream keeps. Redis removes older ones in blocks, so about a hundred more may stay. */
export const STREAM_LENGTH = 10_000
/** How long the stream keeps an entry, in seconds: 30 days. Then the next event removes it, or the whole stream expires. */
export const STREAM_SECONDS = 30 * 86_400

/** Appends the payload of an event with this message id. */
export type AppendEvent = (id: string, payload: EventPayload) => Promise<void>

/**
 * Makes the function that appends events to the stream. It tries once and never throws. If it fails, it logs `event_lost`
 * with the code `not_streamed`.
 *
 * @param redisUrl - URL of the server. It may hold a password.
 * @param appBaseUrl - Our own origin.
 * @see {@link https://redis.io/docs/latest/commands/xadd/ XADD}
 */
export const createEventStream =
  (redisUrl: string, appBaseUrl: string): AppendEvent =>
  async (id, payload) => {
    const entry = { [EVENT_STREAM.field]: JSON.stringify(toCloudEvent(appBaseUrl, id, payload)) }
    const isAppended = await append(redisUrl, entry).catch(() => false)
    if (!isAppended) logEvent('event_lost', { id, code: 'not_streamed' })
  }

/** Appends an entry, and removes old ones. Resolves to false if the server refuses. */
async function append(redisUrl: string, entry: Record<string, string>): Promise<boolean> {
  const { ErrorReply } = await import('@redis/client')
  const oldest = String(Date.now() - STREAM_SECONDS * 1000)
  return onRedis(redisUrl, async (client) => {
    try {
      await client
        .multi()
        .xAdd(EVENT_STREAM.key, '*', entry, {
          TRIM: { strategy: 'MAXLEN', strategyModifier: '~', threshold: STREAM_LENGTH },
        })
        .xTrim(EVENT_STREAM.key, 'MINID', oldest)
        .expire(EVENT_STREAM.key, STREAM_SECONDS)
        .exec()
      return true
    } catch (error) {
      // The server refused the command (before version 6.2 it refuses MINID), but the connection works. If we threw the
      // error, `onRedis` would let all Redis commands of this process fail for a second, and so links would be refused.
      if (error instanceof ErrorReply) return false
      throw error
    }
  })
}
