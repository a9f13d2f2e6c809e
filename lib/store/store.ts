import 'server-only'
import { memoryStore } from './memory-store'
import { createRedisStore } from './redis-store'
import type { Store } from './store-contract'

/**
 * Returns the store of this process.
 *
 * @param redisUrl - URL of a Redis that all instances share. Without it, the store is the memory of this process.
 */
export function createStore(redisUrl: string | undefined): Store {
  return redisUrl === undefined ? memoryStore : createRedisStore(redisUrl)
}
