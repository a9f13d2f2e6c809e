/**
 * `api.cache`: what an Action may remember between logins.
 * @module
 */

interface CacheEntry {
  value: string
  /** Milliseconds since the epoch. */
  expires_at: number
}

/** The answer of `set` and `delete`; trouble is told, never thrown. */
export type CacheAnswer = { type: 'success'; record?: CacheEntry } | { type: 'error'; code: string }

const DEFAULT_LIFE = 15 * 60 * 1000
const LONGEST_LIFE = 24 * 60 * 60 * 1000
const MOST_ENTRIES = 20
const KEY_BYTES = 64
const VALUE_BYTES = 4 * 1024
const TOTAL_BYTES = 8 * 1024

/**
 * A cache with the platform's limits. Times are **milliseconds**, as on the platform.
 *
 * @see https://auth0.com/docs/customize/actions/limitations
 */
export class ActionCache {
  readonly #entries = new Map<string, CacheEntry>()

  /** The entry of a key that has not lapsed. */
  get(key: string): CacheEntry | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined || entry.expires_at > Date.now()) return entry
    this.#entries.delete(key)
    return undefined
  }

  /**
   * Keeps a string.
   *
   * @param key - At most 64 bytes.
   * @param value - At most 4 kB; all entries together at most 8 kB.
   * @param options - `ttl` in milliseconds, or `expires_at` in milliseconds since the epoch; the shorter counts.
   */
  set(key: string, value: string, options: { ttl?: number; expires_at?: number } = {}): CacheAnswer {
    if (typeof value !== 'string') return { type: 'error', code: 'InvalidValueType' }
    if (Buffer.byteLength(key) > KEY_BYTES) return { type: 'error', code: 'CacheKeySizeExceeded' }
    if (Buffer.byteLength(value) > VALUE_BYTES) return { type: 'error', code: 'CacheValueSizeExceeded' }
    const others = [...this.#entries].filter(([other]) => other !== key && this.get(other) !== undefined)
    if (others.length >= MOST_ENTRIES) return { type: 'error', code: 'ItemsLimitExceeded' }
    const size = (entry: [string, CacheEntry]) =>
      Buffer.byteLength(entry[0]) + Buffer.byteLength(entry[1].value)
    const total = others.reduce((sum, entry) => sum + size(entry), 0)
    if (total + Buffer.byteLength(key) + Buffer.byteLength(value) > TOTAL_BYTES) {
      return { type: 'error', code: 'CacheSizeExceeded' }
    }
    const now = Date.now()
    const record = {
      value,
      expires_at: Math.min(
        now + LONGEST_LIFE,
        options.expires_at ?? Number.POSITIVE_INFINITY,
        options.ttl !== undefined ? now + options.ttl : Number.POSITIVE_INFINITY,
        options.ttl === undefined && options.expires_at === undefined
          ? now + DEFAULT_LIFE
          : Number.POSITIVE_INFINITY,
      ),
    }
    this.#entries.set(key, record)
    return { type: 'success', record }
  }

  /** Forgets a key. */
  delete(key: string): CacheAnswer {
    this.#entries.delete(key)
    return { type: 'success' }
  }

  /** Forgets everything. */
  clear(): void {
    this.#entries.clear()
  }
}
