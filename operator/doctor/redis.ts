/**
 * Reads what Redis reports about itself.
 * @module
 */
import { createClient } from '@redis/client'
import type { RedisFacts } from './facts'

/** Longest wait for a connection, in milliseconds. */
const CONNECT_TIMEOUT_MS = 5_000

/**
 * Reads the version of a Redis server, and what the server does if its memory is full.
 *
 * @param url - URL of the server. It may contain a password.
 * @returns Undefined if the server cannot be reached from here: it may be open to the service only.
 * @see {@link https://redis.io/docs/latest/commands/info/ INFO}
 */
export async function readRedisFacts(url: string): Promise<RedisFacts | undefined> {
  const client = createClient({
    url,
    RESP: 2,
    disableClientInfo: true,
    socket: { reconnectStrategy: false, connectTimeout: CONNECT_TIMEOUT_MS },
  })
  // The awaited functions report errors. Without a listener, an error event would end the process.
  client.on('error', () => undefined)
  try {
    await client.connect()
    const info = await client.info()
    const fieldOf = (name: string) => new RegExp(`^${name}:(.+?)\\r?$`, 'm').exec(info)?.[1]
    return { version: fieldOf('redis_version'), policy: fieldOf('maxmemory_policy') }
  } catch {
    return undefined
  } finally {
    if (client.isOpen) client.destroy()
  }
}
