import 'server-only'
import { config } from '../config/config'
import { memoryStore } from './memory-store'
import { redisStore } from './redis-store'
import type { Store } from './store-contract'

/** The store of this process: Redis where one is configured, so that all instances share it; else its own memory. */
export function store(): Store {
  return config().redisUrl === undefined ? memoryStore : redisStore
}
