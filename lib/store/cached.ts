import 'server-only'
import type { z } from 'zod'
import type { Sealer } from '../config/seal'
import { processMemory } from '../process/process-memory'
import { orFallback } from './or-fallback'
import type { Store } from './store-contract'

/** What a cache needs: a store, and a sealer, because another party may run the store. */
export interface CacheServices {
  store: Store
  sealer: Sealer
}

/**
 * Looks a value up in the store, or finds it and stores it sealed. Concurrent callers share one lookup.
 *
 * @param services - Where it is stored, and how it is sealed.
 * @param key - `kind:value`; free of addresses and of people's ids.
 * @param ttlSeconds - How long it is stored.
 * @param shape - The expected shape; anything else counts as absent.
 * @param find - Finds the value. Its errors pass through and are not stored.
 */
export async function cached<Found>(
  { store, sealer }: CacheServices,
  key: string,
  ttlSeconds: number,
  shape: z.ZodType<Found>,
  find: () => Promise<Found>,
): Promise<Found> {
  const stored = await orFallback(store.get(key), undefined)
  const known = shape.safeParse(stored && (await sealer.unseal(key, stored)))
  if (known.success) return known.data
  const all = lookups()
  // A caller that comes while a lookup is under way waits for that one.
  const begun = (all.get(key) ?? findAndStore().finally(() => all.delete(key))) as Promise<Found>
  all.set(key, begun)
  return begun

  async function findAndStore(): Promise<Found> {
    const found = await find()
    const sealed = await sealer.seal(key, found, Date.now() / 1000 + ttlSeconds)
    await orFallback(store.set(key, sealed, ttlSeconds), undefined)
    return found
  }
}

const lookups = () => processMemory('finding', () => new Map<string, Promise<unknown>>())
