import 'server-only'
import type { z } from 'zod'
import type { Sealer } from '../config/seal'
import { processMemory } from '../process/process-memory'
import { fallBackIfStoreDown } from './or-fallback'
import type { Store } from './store-contract'

/** What a cache needs: a store, and a sealer, because another party may run the store. */
export interface CacheServices {
  store: Store
  sealer: Sealer
}

/**
 * Returns a value from the store, or finds the value and stores it sealed. Concurrent callers share one lookup.
 *
 * @param services - The store, and the sealer that encrypts values in it.
 * @param key - `kind:value`. It must contain no email address and no user id.
 * @param ttlSeconds - How long the value is stored.
 * @param shape - The expected shape. A stored value of another shape counts as absent.
 * @param find - Finds the value. If it throws, the caller gets the error and nothing is stored.
 */
export async function cached<Found>(
  { store, sealer }: CacheServices,
  key: string,
  ttlSeconds: number,
  shape: z.ZodType<Found>,
  find: () => Promise<Found>,
): Promise<Found> {
  const stored = await fallBackIfStoreDown(store.get(key), undefined)
  const known = shape.safeParse(stored && (await sealer.unseal(key, stored)))
  if (known.success) return known.data
  const all = lookups()
  // If a lookup of this key is under way, wait for its result.
  const begun = (all.get(key) ?? findAndStore().finally(() => all.delete(key))) as Promise<Found>
  all.set(key, begun)
  return begun

  async function findAndStore(): Promise<Found> {
    const found = await find()
    const sealed = await sealer.seal(key, found, Date.now() / 1000 + ttlSeconds)
    await fallBackIfStoreDown(store.set(key, sealed, ttlSeconds), undefined)
    return found
  }
}

const lookups = () => processMemory('finding', () => new Map<string, Promise<unknown>>())
