import 'server-only'
import { processMemory } from './process-memory'
import type { Store } from './store'

/** Taken keys at most, about 20 MB. Beyond it nothing more can be taken, so a flood never forgets a used key. */
const MAX_TAKEN = 100_000
/** Cached values at most. Beyond it the oldest one is forgotten. */
const MAX_CACHED = 1_000

interface Entry {
  value: string
  /** Milliseconds since the epoch. */
  expiresAt: number
}
type Entries = Map<string, Entry>

const taken = () => processMemory<Entries>('taken', () => new Map())
const cached = () => processMemory<Entries>('cached', () => new Map())

/** The memory of this process. Other instances know nothing of it. */
export const memoryStore: Store = {
  async take(key, ttlSeconds, value = '') {
    const entries = taken()
    if (entryOf(entries, key)) return false
    if (entries.size >= MAX_TAKEN) forgetExpired(entries)
    if (entries.size >= MAX_TAKEN) return false
    entries.set(key, newEntry(value, ttlSeconds))
    return true
  },

  async isTaken(key) {
    return entryOf(taken(), key) !== undefined
  },

  async get(key) {
    return entryOf(cached(), key)?.value
  },

  async set(key, value, ttlSeconds) {
    const entries = cached()
    // Put at the end, where the youngest are.
    entries.delete(key)
    const [oldest] = entries.keys()
    if (entries.size >= MAX_CACHED && oldest !== undefined) entries.delete(oldest)
    entries.set(key, newEntry(value, ttlSeconds))
  },

  async delete(key, value) {
    for (const entries of [taken(), cached()])
      if (value === undefined || entryOf(entries, key)?.value === value) entries.delete(key)
  },
}

const newEntry = (value: string, ttlSeconds: number): Entry => ({
  value,
  expiresAt: Date.now() + ttlSeconds * 1000,
})

function entryOf(entries: Entries, key: string): Entry | undefined {
  const entry = entries.get(key)
  return entry && entry.expiresAt > Date.now() ? entry : undefined
}

function forgetExpired(entries: Entries): void {
  const now = Date.now()
  for (const [key, { expiresAt }] of entries) if (expiresAt <= now) entries.delete(key)
}
