import 'server-only'
import type { z } from 'zod'
import { seal, unseal } from '../config/seal'
import { processMemory } from '../process/process-memory'
import { orFallback } from './or-fallback'
import { store } from './store'

/**
 * What was found out a short time ago, or is found out now, once for all who ask at the same time. Kept sealed: the store may be
 * somebody else's server.
 *
 * @param key - `kind:value`; free of addresses and of people's ids.
 * @param ttlSeconds - How long it is remembered.
 * @param shape - What is expected there; anything else counts as forgotten.
 * @param find - Finds it out. Its errors pass through and are not remembered.
 */
export async function cached<Found>(
  key: string,
  ttlSeconds: number,
  shape: z.ZodType<Found>,
  find: () => Promise<Found>,
): Promise<Found> {
  const kept = await orFallback(store().get(key), undefined)
  const known = shape.safeParse(kept && (await unseal(key, kept)))
  if (known.success) return known.data
  const all = finding()
  // Whoever asks while it is being found out waits for the same answer.
  const begun = (all.get(key) ?? findAndKeep().finally(() => all.delete(key))) as Promise<Found>
  all.set(key, begun)
  return begun

  async function findAndKeep(): Promise<Found> {
    const found = await find()
    const sealed = await seal(key, found, Date.now() / 1000 + ttlSeconds)
    await orFallback(store().set(key, sealed, ttlSeconds), undefined)
    return found
  }
}

const finding = () => processMemory('finding', () => new Map<string, Promise<unknown>>())
