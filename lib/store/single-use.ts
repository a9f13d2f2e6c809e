/**
 * What may be used once: session tokens, callbacks, flows. Kept in the memory of this process.
 * @module
 */
import 'server-only'
import { processMemory } from './process-memory'

/** Keys remembered at most, about 20 MB. Beyond it nothing more can be taken, so a flood never forgets a used key. */
const MAX_ENTRIES = 100_000

const expiries = () => processMemory('single-use', () => new Map<string, number>())

/**
 * Takes a key for the first and only time within its life.
 *
 * @param key - `kind:value`.
 * @param ttlSeconds - How long it stays taken.
 * @returns False where it was taken before, or where nothing more can be remembered.
 */
export function takeOnce(key: string, ttlSeconds: number): boolean {
  const taken = expiries()
  if (wasTaken(key)) return false
  if (taken.size >= MAX_ENTRIES) forgetExpired(taken)
  if (taken.size >= MAX_ENTRIES) return false
  taken.set(key, Date.now() + ttlSeconds * 1000)
  return true
}

/** Whether a key is taken at present. */
export function wasTaken(key: string): boolean {
  const expiry = expiries().get(key)
  return expiry !== undefined && expiry > Date.now()
}

function forgetExpired(taken: Map<string, number>): void {
  const now = Date.now()
  for (const [key, expiry] of taken) if (expiry <= now) taken.delete(key)
}
