import 'server-only'
import { createClient } from '@redis/client'
import type { IRedisClient } from 'bullmq'
import type { BullMQ } from './library'
import { logRedisBack, logRedisLost } from './note-reach'

/** Longest time to open a connection, in milliseconds. */
const CONNECT_TIMEOUT_MS = 5_000
/** Waits before the first attempt to reconnect, and the longest wait before a later one, in milliseconds. */
const RECONNECT_PAUSE_MS = { first: 100, most: 5_000 }

/** A connection to Redis for BullMQ. */
export interface JobsConnection {
  connection: IRedisClient
  /** Closes the connection at once. */
  end(): void
}

/**
 * Opens a connection to Redis for BullMQ. It reconnects by itself for as long as the process lives. The store's connection
 * does not: the next request reopens it. A worker gets no requests.
 *
 * @param url - URL of the server. It may contain a password.
 * @param isPatient - Whether commands wait until there is a connection. Otherwise they fail at once, so that no request waits for them.
 */
export function connectForJobs(
  { createNodeRedisClient }: BullMQ,
  url: string,
  isPatient: boolean,
): JobsConnection {
  const client = createClient({
    url,
    // All Redis servers know version 2 of the protocol. The store's client uses it, too.
    RESP: 2,
    disableClientInfo: true,
    maintNotifications: 'disabled',
    disableOfflineQueue: !isPatient,
    socket: {
      connectTimeout: CONNECT_TIMEOUT_MS,
      reconnectStrategy: (count) =>
        Math.min(RECONNECT_PAUSE_MS.first * 2 ** Math.min(count, 10), RECONNECT_PAUSE_MS.most),
    },
  })
  client.on('ready', logRedisBack)
  const connection = createNodeRedisClient(client)
  // BullMQ removes its listeners when a worker ends. Without any listener an error would end the process, so we add our own.
  connection.on('error', logRedisLost)
  return {
    connection,
    end() {
      if (client.isOpen) client.destroy()
    },
  }
}
