/**
 * `api.cache`: values that Actions keep between logins.
 * @module
 */

interface CacheEntry {
  value: string
  /** Milliseconds since the epoch. */
  expires_at: number
}

/** The result of `set` and `delete`. An error is returned, never thrown. */
export type CacheAnswer = { type: 'success'; record?: CacheEntry } | { type: 'error'; code: string }

const DEFAULT_LIFETIME_MS = 15 * 60 * 1000
const MAX_LIFETIME_MS = 24 * 60 * 60 * 1000
const MAX_ENTRIES = 20
const MAX_KEY_BYTES = 64
const MAX_VALUE_BYTES = 4 * 1024
const MAX_TOTAL_BYTES = 8 * 1024

/**
 * A cache with Auth0's limits. Times are **milliseconds**, as at Auth0.
 *
 * @see https://auth0.com/docs/customize/actions/limitations
 */
export class ActionCache {
  readonly #entries = new Map<string, CacheEntry>()

  /** Returns the entry of a key, if it has not expired. */
  get(key: string): CacheEntry | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined || entry.expires_at > Date.now()) return entry
    this.#entries.delete(key)
    return undefined
  }

  /**
   * Stores a string.
   *
   * @param key - At most 64 bytes.
   * @param value - At most 4 kB. All entries together may take 8 kB.
   * @param options - `ttl` in milliseconds, or `expires_at` in milliseconds since the epoch. If both are set, the earlier
   *   time counts.
   */
  set(key: string, value: string, options: { ttl?: number; expires_at?: number } = {}): CacheAnswer {
    if (typeof value !== 'string') return { type: 'error', code: 'InvalidValueType' }
    if (Buffer.byteLength(key) > MAX_KEY_BYTES) return { type: 'error', code: 'CacheKeySizeExceeded' }
    if (Buffer.byteLength(value) > MAX_VALUE_BYTES) return { type: 'error', code: 'CacheValueSizeExceeded' }
    const others = [...this.#entries].filter(([other]) => other !== key && this.get(other) !== undefined)
    if (others.length >= MAX_ENTRIES) return { type: 'error', code: 'ItemsLimitExceeded' }
    const size = (entry: [string, CacheEntry]) =>
      Buffer.byteLength(entry[0]) + Buffer.byteLength(entry[1].value)
    const total = others.reduce((sum, entry) => sum + size(entry), 0)
    if (total + Buffer.byteLength(key) + Buffer.byteLength(value) > MAX_TOTAL_BYTES) {
      return { type: 'error', code: 'CacheSizeExceeded' }
    }
    const now = Date.now()
    const record = {
      value,
      expires_at: Math.min(
        now + MAX_LIFETIME_MS,
        options.expires_at ?? Number.POSITIVE_INFINITY,
        options.ttl !== undefined ? now + options.ttl : Number.POSITIVE_INFINITY,
        options.ttl === undefined && options.expires_at === undefined
          ? now + DEFAULT_LIFETIME_MS
          : Number.POSITIVE_INFINITY,
      ),
    }
    this.#entries.set(key, record)
    return { type: 'success', record }
  }

  /** Removes a key. */
  delete(key: string): CacheAnswer {
    this.#entries.delete(key)
    return { type: 'success' }
  }

  /** Removes all entries. */
  clear(): void {
    this.#entries.clear()
  }
}
