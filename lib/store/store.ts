import 'server-only'
import { memoryStore } from './memory-store'
import { createRedisStore } from './redis-store'
import type { Store } from './store-contract'

/**
 * The store of this process.
 *
 * @param redisUrl - A Redis that all instances share; without one the store is the memory of this process.
 */
export function createStore(redisUrl: string | undefined): Store {
  return redisUrl === undefined ? memoryStore : createRedisStore(redisUrl)
}
