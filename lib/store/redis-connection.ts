/**
 * The one connection of this process to Redis. No request ever waits long for it: a command has a deadline, and after a
 * failure commands fail at once for a moment; then a new connection is made.
 * @module
 */
import 'server-only'
import { LinkingError } from '@/core/errors'
import { logEvent } from '../observability/log'
import { processMemory } from '../process/process-memory'

/** Longest wait for one command, waiting for the connection included, in milliseconds. */
const COMMAND_TIMEOUT_MS = 500
/** Longest time to make a connection, in milliseconds. It may be made after the caller has given up. */
const CONNECT_TIMEOUT_MS = 2000
/** How long commands fail at once after a failure, in milliseconds. */
const RECONNECT_PAUSE_MS = 1000
/** How long a connection may be idle before a ping tests it, in milliseconds. */
const IDLE_BEFORE_PING_MS = 5000
/** Set on every new connection: a server that does not answer, or is read-only, cannot be a store. */
const PROBE_KEY = 'account-linking:probe'

type Client = Awaited<ReturnType<typeof newClient>>

interface Connection {
  client?: Client
  making?: Promise<Client>
  /** Milliseconds since the epoch. */
  usedAt: number
  /** On the clock of `performance`. */
  pausedUntil: number
  isLost: boolean
}

const connection = () =>
  processMemory<Connection>('redis-connection', () => ({ usedAt: 0, pausedUntil: 0, isLost: false }))

/**
 * Runs a command on Redis.
 *
 * @param url - Of the server; holds a password.
 * @param command - Sends it. It is never repeated: it may have been carried out although its answer was lost.
 * @throws {LinkingError} `store_unavailable`
 */
export async function onRedis<Reply>(
  url: string,
  command: (client: Client) => Promise<Reply>,
): Promise<Reply> {
  const state = connection()
  if (performance.now() < state.pausedUntil) throw new LinkingError('store_unavailable')
  const deadline = performance.now() + COMMAND_TIMEOUT_MS
  try {
    const client = await before(deadline, readyClient(state, url))
    const reply = await before(deadline, command(client))
    state.usedAt = Date.now()
    return reply
  } catch (error) {
    if (state.client) discard(state, state.client)
    lose(state, error)
    throw new LinkingError('store_unavailable', { cause: error })
  }
}

async function readyClient(state: Connection, url: string): Promise<Client> {
  const { client } = state
  // Servers end idle connections, and a process that was frozen in the meantime notices that only when it writes.
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
  // A connection that ends while idle is not a failure: the next command makes another one.
  client.on('error', () => discard(state, client))
  const connecting = client
    .connect()
    .then(() => client.set(PROBE_KEY, '', { expiration: { type: 'PX', value: 1 } }))
  try {
    await before(performance.now() + CONNECT_TIMEOUT_MS, connecting)
    return client
  } catch (error) {
    discard(state, client)
    throw error
  }
}

async function newClient(url: string) {
  // Loaded on first use: most installations have no Redis.
  const { createClient } = await import('@redis/client')
  return createClient({
    url,
    // The protocol that every server speaks, without a handshake that some hosted servers refuse.
    RESP: 2,
    disableClientInfo: true,
    maintNotifications: 'disabled',
    // A client that lost its connection is discarded: it neither reconnects by itself nor queues commands.
    disableOfflineQueue: true,
    // Below our own deadline: a client that is destroyed before its socket is open leaks that socket.
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

/** Names a failure without its message: Node.js's code, or the first word of the server's own, such as `WRONGPASS`. */
function causeCode(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  if ('code' in error && typeof error.code === 'string') return error.code
  return /^[A-Z]{2,20}(?= )/.exec(error.message)?.[0] ?? 'connection_closed'
}

/** The result of work, if it comes before a deadline on the clock of `performance`. */
function before<Result>(deadline: number, work: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const fail = () => reject(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' }))
    // Not at once: in a busy process the answer may have arrived and not been read yet.
    const timer = setTimeout(() => setImmediate(fail), deadline - performance.now())
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
