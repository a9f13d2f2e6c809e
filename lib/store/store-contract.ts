/**
 * The interface of the store, which remembers things beyond one request: used tokens, cached values, locks, counts.
 * @module
 */
import 'server-only'

/** A count, and how long it still lasts. */
export interface Count {
  count: number
  secondsLeft: number
}

/**
 * Keys and values that expire. Keys look like `kind:value`. Use each key in one way only: take it, count it or set it. Every
 * operation throws a `LinkingError` with `store_unavailable` if the store does not respond in time.
 */
export interface Store {
  /**
   * Takes a key, which is possible only once until it expires or is deleted.
   *
   * @param ttlSeconds - How long the key stays taken.
   * @param value - Identifies who took the key, for {@link Store.delete}.
   * @returns False if the key is already taken, or if the store is full.
   */
  take(key: string, ttlSeconds: number, value?: string): Promise<boolean>
  /** Whether a key is taken, and has neither expired nor been deleted. */
  isTaken(key: string): Promise<boolean>
  /**
   * Adds to the count of a key. After its life the count starts again from zero.
   *
   * @param ttlSeconds - The life of the count, from the first addition on. In Redis, a read with 0 also starts it.
   * @param by - How many to add, one by default. 0 only reads, and -1 takes one back.
   * @returns The new count, and how much of its life is left.
   */
  count(key: string, ttlSeconds: number, by?: number): Promise<Count>
  /** The value that a key was last set to; undefined if it was not set, has expired, or the store has forgotten it. */
  get(key: string): Promise<string | undefined>
  /**
   * Sets a key to a value that the store may forget at any time.
   *
   * @param ttlSeconds - After this time the store forgets the value, if not before.
   */
  set(key: string, value: string, ttlSeconds: number): Promise<void>
  /**
   * Deletes a key that was taken or set.
   *
   * @param value - If given, the key is deleted only if it still holds this value. Check and deletion are atomic.
   */
  delete(key: string, value?: string): Promise<void>
}
