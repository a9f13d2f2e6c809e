/**
 * This process's only connection to Redis. No request waits long for it: each command has a deadline, and for a second after a
 * failure all commands fail at once. Then a new connection is made.
 * @module
 */
import 'server-only'
import { LinkingError } from '@/core/errors'
import { logEvent } from '../observability/log'
import { inTime } from '../process/in-time'
import { processMemory } from '../process/process-memory'

/** Longest wait for one command, including the wait for the connection, in milliseconds. */
const COMMAND_TIMEOUT_MS = 500
/** Longest time to connect, in milliseconds. The attempt goes on after the caller has given up. */
const CONNECT_TIMEOUT_MS = 2000
/** How long all commands fail at once after a failure, in milliseconds. */
const RECONNECT_PAUSE_MS = 1000
/** How long a connection may be idle before a ping tests it, in milliseconds. */
const IDLE_BEFORE_PING_MS = 5000
/** The key that each new connection writes, to find out whether the server responds and is writable. */
const PROBE_KEY = 'account-linking:probe'

type Client = Awaited<ReturnType<typeof newClient>>

interface Connection {
  client?: Client
  making?: Promise<Client>
  /** When the last command succeeded, in milliseconds since the epoch. */
  usedAt: number
  /** Until when commands fail at once, as `performance.now()`. */
  pausedUntil: number
  isLost: boolean
}

const connection = () =>
  processMemory<Connection>('redis-connection', () => ({ usedAt: 0, pausedUntil: 0, isLost: false }))

/**
 * Runs a command on Redis.
 *
 * @param url - The server's URL. It may hold a password.
 * @param command - Sends the command. It is never repeated, because Redis may have run the command even if its reply was
 *   lost.
 * @param isOptional - For a command that no request waits for. If it fails, the connection stays open, other commands do not
 *   fail, and nothing is logged. But a failure to connect still makes all commands fail for a second, and is logged.
 * @throws {LinkingError} `store_unavailable`
 */
export async function onRedis<Reply>(
  url: string,
  command: (client: Client) => Promise<Reply>,
  isOptional = false,
): Promise<Reply> {
  const state = connection()
  if (performance.now() < state.pausedUntil) throw new LinkingError('store_unavailable')
  const deadline = performance.now() + COMMAND_TIMEOUT_MS
  try {
    const client = await withDeadline(deadline, readyClient(state, url))
    const reply = await withDeadline(deadline, command(client))
    state.usedAt = Date.now()
    return reply
  } catch (error) {
    if (!isOptional) {
      if (state.client) discard(state, state.client)
      lose(state, error)
    }
    throw new LinkingError('store_unavailable', { cause: error })
  }
}

async function readyClient(state: Connection, url: string): Promise<Client> {
  const { client } = state
  // Servers close idle connections. A process that was frozen meanwhile notices that only when it writes, so test with a ping.
  if (client && Date.now() - state.usedAt > IDLE_BEFORE_PING_MS)
    await client.ping().catch(() => discard(state, client))
  return state.client ?? connect(state, url)
}

function connect(state: Connection, url: string): Promise<Client> {
  state.making ??= makeClient(state, url)
    .then(
      (client) => regain(state, client),
      (error: unknown) => {
        lose(state, error)
        throw error
      },
    )
    .finally(() => {
      state.making = undefined
    })
  return state.making
}

async function makeClient(state: Connection, url: string): Promise<Client> {
  const client = await newClient(url)
  // A connection that closes while idle is no failure. The next command makes a new one.
  client.on('error', () => discard(state, client))
  const connecting = client
    .connect()
    .then(() => client.set(PROBE_KEY, '', { expiration: { type: 'PX', value: 1 } }))
  try {
    await withDeadline(performance.now() + CONNECT_TIMEOUT_MS, connecting)
    return client
  } catch (error) {
    discard(state, client)
    throw error
  }
}

async function newClient(url: string) {
  // Loaded on first use, because most installations have no Redis.
  const { createClient } = await import('@redis/client')
  return createClient({
    url,
    // Every server supports this protocol version. It needs no handshake, which some hosted servers refuse.
    RESP: 2,
    disableClientInfo: true,
    maintNotifications: 'disabled',
    // We discard a client that has lost its connection, so it must neither queue commands nor reconnect.
    disableOfflineQueue: true,
    // Shorter than our own deadline, because a client that is destroyed before its socket is open leaks the socket.
    socket: { reconnectStrategy: false, connectTimeout: CONNECT_TIMEOUT_MS - 500 },
  })
}

function discard(state: Connection, client: Client): void {
  if (state.client === client) state.client = undefined
  client.destroy()
}

function lose(state: Connection, error: unknown): void {
  state.pausedUntil = performance.now() + RECONNECT_PAUSE_MS
  if (!state.isLost) logEvent('store_lost', { cause: causeCode(error) })
  state.isLost = true
}

function regain(state: Connection, client: Client): Client {
  state.client = client
  state.usedAt = Date.now()
  state.pausedUntil = 0
  if (state.isLost) logEvent('store_back')
  state.isLost = false
  return client
}

/** The code of a failure: Node.js's error code, or the first word of the server's message, such as `WRONGPASS`. */
function causeCode(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  if ('code' in error && typeof error.code === 'string') return error.code
  return /^[A-Z]{2,20}(?= )/.exec(error.message)?.[0] ?? 'connection_closed'
}

/** {@link inTime} with a deadline, in the time of `performance.now()`. */
const withDeadline = <Result>(deadline: number, work: Promise<Result>): Promise<Result> =>
  inTime(work, deadline - performance.now())
