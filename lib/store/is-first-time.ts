import 'server-only'
import { fallBackIfStoreDown } from './or-fallback'
import type { Store } from './store-contract'

/**
 * Whether something happens for the first time, so that it is reported once. True if the store is down or full: two reports are
 * better than none. Never use this for what must not happen twice.
 *
 * @param store - Remembers the key.
 * @param key - Identifies what happens.
 * @param ttlSeconds - How long the store remembers it.
 */
export async function isFirstTime(store: Store, key: string, ttlSeconds: number): Promise<boolean> {
  if (await fallBackIfStoreDown(store.take(key, ttlSeconds), true)) return true
  return !(await fallBackIfStoreDown(store.isTaken(key), false))
}
