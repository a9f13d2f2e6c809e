import 'server-only'
import { createClient } from '@redis/client'
import type { IRedisClient } from 'bullmq'
import type { Library } from './library'
import { noteBack, noteLost } from './note-reach'

/** Longest time to make a connection, in milliseconds. */
const CONNECT_TIMEOUT_MS = 5_000
/** Waits before the first new connection, and at most before a later one, in milliseconds. */
const RECONNECT_PAUSE_MS = { first: 100, most: 5_000 }

/** A connection to Redis as BullMQ takes it. */
export interface JobsConnection {
  connection: IRedisClient
  /** Ends it at once. */
  end(): void
}

/**
 * A connection to Redis for BullMQ. Unlike the store's it reconnects for as long as the process lives: a worker has no request that
 * could make the next connection.
 *
 * @param url - Of the server; holds a password.
 * @param isPatient - Whether commands wait until it is there. Those of a request do not.
 */
export function connectForJobs(
  { createNodeRedisClient }: Library,
  url: string,
  isPatient: boolean,
): JobsConnection {
  const client = createClient({
    url,
    // As the store's client: the protocol that every server speaks.
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
  client.on('ready', noteBack)
  const connection = createNodeRedisClient(client)
  // Ours, because those of BullMQ's go when a worker ends, and an error that no one listens to would end the process.
  connection.on('error', noteLost)
  return {
    connection,
    end() {
      if (client.isOpen) client.destroy()
    },
  }
}
