import 'server-only'
import { processMemory } from '../process/process-memory'
import type { Store } from './store-contract'

/**
 * The most taken keys, about 20 MB. At this limit no key can be taken, so that a flood never makes the store forget a used key.
 */
const MAX_TAKEN = 100_000
/** The most counts, about 15 MB. At this limit the store forgets the oldest count. */
const MAX_COUNTED = 100_000
/** The most cached values. At this limit the store forgets the oldest value. */
const MAX_CACHED = 1_000
/** Time between two removals of expired entries, in milliseconds. */
const SWEEP_INTERVAL_MS = 60_000

interface Entry {
  value: string
  /** Milliseconds since the epoch. */
  expiresAt: number
}
type Entries = Map<string, Entry>

interface Counted {
  count: number
  /** Milliseconds since the epoch. */
  expiresAt: number
}

const taken = () => processMemory<Entries>('taken', () => new Map())
const counted = () => processMemory<Map<string, Counted>>('counted', () => new Map())
const cachedValues = () => processMemory<Entries>('cached', () => new Map())
/** When expired entries were last removed, in milliseconds since the epoch. */
const swept = () => processMemory('swept', () => ({ at: Date.now() }))

/** A store in the memory of this process. Other instances do not see it. */
export const memoryStore: Store = {
  async take(key, ttlSeconds, value = '') {
    sweep()
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

  async count(key, ttlSeconds, by = 1) {
    sweep()
    const counts = counted()
    const now = Date.now()
    const known = counts.get(key)
    if (known && known.expiresAt > now) {
      known.count += by
      return { count: known.count, secondsLeft: (known.expiresAt - now) / 1000 }
    }
    if (by > 0) putLast(counts, key, { count: by, expiresAt: now + ttlSeconds * 1000 }, MAX_COUNTED)
    return { count: by, secondsLeft: ttlSeconds }
  },

  async get(key) {
    return entryOf(cachedValues(), key)?.value
  },

  async set(key, value, ttlSeconds) {
    putLast(cachedValues(), key, newEntry(value, ttlSeconds), MAX_CACHED)
  },

  async delete(key, value) {
    for (const entries of [taken(), cachedValues()])
      if (value === undefined || entryOf(entries, key)?.value === value) entries.delete(key)
  },
}

const newEntry = (value: string, ttlSeconds: number): Entry => ({
  value,
  expiresAt: Date.now() + ttlSeconds * 1000,
})

/** Adds a value as the newest entry. If there are too many, the oldest entry is removed. */
function putLast<Value>(values: Map<string, Value>, key: string, value: Value, max: number): void {
  values.delete(key)
  const [oldest] = values.keys()
  if (values.size >= max && oldest !== undefined) values.delete(oldest)
  values.set(key, value)
}

function entryOf(entries: Entries, key: string): Entry | undefined {
  const entry = entries.get(key)
  return entry && entry.expiresAt > Date.now() ? entry : undefined
}

function sweep(): void {
  if (Math.abs(Date.now() - swept().at) < SWEEP_INTERVAL_MS) return
  swept().at = Date.now()
  forgetExpired(taken())
  forgetExpired(counted())
  forgetExpired(cachedValues())
}

function forgetExpired(values: Map<string, { expiresAt: number }>): void {
  const now = Date.now()
  for (const [key, { expiresAt }] of values) if (expiresAt <= now) values.delete(key)
}
