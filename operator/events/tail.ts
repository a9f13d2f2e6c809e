/**
 * Reads the stream of events in Redis, and goes on after the connection was lost.
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { createClient, ErrorReply } from '@redis/client'
import { EVENT_STREAM } from '../../lib/events/event-stream'
import { inTime } from '../../lib/process/in-time'
import { EventsError } from './error'

/** How many events to read at once. */
const BATCH = 100
/** How long Redis waits for the next event before it answers that there is none, in milliseconds. */
const BLOCK_MS = 5_000
/** How long after {@link BLOCK_MS} a response may still arrive, in milliseconds. */
const LATE_MS = 5_000
/** Longest time to connect, in milliseconds. */
const CONNECT_MS = 5_000
/** Wait before each attempt to connect again, in milliseconds. */
const RECONNECT_PAUSE_MS = 1_000

/** Where {@link tail} prints events and warnings, and the signal that ends it. */
export interface TailWatch {
  print(line: string): Promise<void>
  warn(code: 'events_missed' | 'redis_unreachable', sentence: string): void
  stop: AbortSignal
}

type Client = ReturnType<typeof newClient>

/** Where the reader stands in the stream. */
interface Position {
  /** Id of the last entry that was printed, or that the operator named. */
  after: string
  /** Whether {@link Position.after} is the id of an entry that existed, and not just a time. */
  isEntry: boolean
}

/**
 * Prints events, oldest first. If the connection is lost, it connects again for as long as it takes, and goes on after the
 * last event that it printed.
 *
 * @param url - URL of the server. It may hold a password.
 * @param from - Id of the entry to begin after, or `$` for the last one that there is now.
 * @param isFollowing - Whether to wait for further events. Otherwise it ends after the last one, or when the connection is
 *   lost.
 * @throws {EventsError} `redis_unreachable` or `redis_refused`. With `isFollowing`, only until a connection has worked once.
 */
export async function tail(url: string, from: string, isFollowing: boolean, watch: TailWatch): Promise<void> {
  let position: Position | undefined
  let isLost = false
  while (!watch.stop.aborted) {
    const client = newClient(url)
    const disconnect = () => {
      if (client.isOpen) client.destroy()
    }
    watch.stop.addEventListener('abort', disconnect)
    // The awaited commands report errors. The listener is here because an error event without one would end the process.
    client.on('error', () => undefined)
    try {
      await inTime(client.connect(), CONNECT_MS)
      position ??= await startAt(client, from)
      await warnOfGap(client, position, watch)
      isLost = false
      await readOn(client, position, isFollowing, watch)
      return
    } catch (error) {
      if (watch.stop.aborted) return
      if (!position || !isFollowing) throw toEventsError(error)
      if (!isLost) watch.warn('redis_unreachable', 'The connection to Redis is lost. Trying again.')
      isLost = true
      await sleep(RECONNECT_PAUSE_MS, undefined, { signal: watch.stop }).catch(() => undefined)
    } finally {
      watch.stop.removeEventListener('abort', disconnect)
      disconnect()
    }
  }
}

function newClient(url: string) {
  return createClient({
    url,
    RESP: 2,
    disableClientInfo: true,
    maintNotifications: 'disabled',
    disableOfflineQueue: true,
    socket: { reconnectStrategy: false, connectTimeout: CONNECT_MS - 500 },
  })
}

async function startAt(client: Client, from: string): Promise<Position> {
  if (from !== '$') return { after: from, isEntry: /-/.test(from) && from !== '0-0' }
  const [last] = (await client.xRevRange(EVENT_STREAM.key, '+', '-', { COUNT: 1 })) ?? []
  return { after: last?.id ?? '0', isEntry: last !== undefined }
}

/** Warns if the entry to go on after is not there any more: then entries after it may have been removed as well. */
async function warnOfGap(client: Client, { after, isEntry }: Position, { warn }: TailWatch): Promise<void> {
  if (!isEntry || (await client.xRange(EVENT_STREAM.key, after, after))?.length) return
  warn('events_missed', `Event ${after} is not in the stream any more. Events after it may be missing.`)
}

async function readOn(
  client: Client,
  position: Position,
  isFollowing: boolean,
  { print, stop }: TailWatch,
): Promise<void> {
  while (!stop.aborted) {
    const entries = await nextEntries(client, position.after, isFollowing)
    if (entries.length === 0 && !isFollowing) return
    for (const { id, message } of entries) {
      if (stop.aborted) return
      const line = toLine(id, message[EVENT_STREAM.field])
      if (line) await print(line)
      Object.assign(position, { after: id, isEntry: true })
    }
  }
}

async function nextEntries(client: Client, after: string, isFollowing: boolean) {
  const options = { COUNT: BATCH, ...(isFollowing && { BLOCK: BLOCK_MS }) }
  const reading = client.xRead({ key: EVENT_STREAM.key, id: after }, options)
  // A server that hangs keeps the connection open and never answers.
  const [stream] = (await inTime(reading, BLOCK_MS + LATE_MS)) ?? []
  return stream?.messages ?? []
}

/**
 * The event as one line, with the id of its entry as an extension attribute of CloudEvents. Undefined if the entry holds no
 * event, because another program wrote it.
 */
function toLine(streamid: string, text = ''): string | undefined {
  try {
    return escapeControls(JSON.stringify({ ...JSON.parse(text), streamid }))
  } catch {
    return undefined
  }
}

/** Escapes characters that JSON allows but that could control a terminal: control and bidirectional characters. */
const escapeControls = (json: string): string =>
  json.replace(
    /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

function toEventsError(error: unknown): EventsError {
  if (!(error instanceof ErrorReply))
    return new EventsError('redis_unreachable', 'There is no connection to the server of REDIS_URL.')
  // Only the first word, because some messages of Redis repeat parts of the command.
  const [word = 'ERR'] = /^[A-Z]+/.exec(error.message) ?? []
  return new EventsError('redis_refused', `Redis refused with ${word}.`)
}
