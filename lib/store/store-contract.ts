/**
 * What must be remembered beyond one request: used tokens, cached values, locks, counts.
 * @module
 */
import 'server-only'

/** How often something happened within the life of its key. */
export interface Count {
  count: number
  secondsLeft: number
}

/**
 * Keys and values with a limited life. Keys look like `kind:value`; each is either taken, counted or set.
 * Every operation throws a `LinkingError` with `store_unavailable` if the store does not answer in time.
 */
export interface Store {
  /**
   * Takes a key for the first and only time within its life.
   *
   * @param ttlSeconds - How long it stays taken.
   * @param value - Identifies who took it, for {@link Store.delete}.
   * @returns False if it was taken before, or if the store is full.
   */
  take(key: string, ttlSeconds: number, value?: string): Promise<boolean>
  /** Whether a key is taken at present. */
  isTaken(key: string): Promise<boolean>
  /**
   * Adds one to the count of a key. The count starts again from zero when its life is over.
   *
   * @param ttlSeconds - Its life, from the first addition on.
   * @param by - How many to add; 0 only reads, and -1 takes one back.
   * @returns The new count, and how much of its life is left.
   */
  count(key: string, ttlSeconds: number, by?: number): Promise<Count>
  /** The value that a key was last set to; undefined if it was never set, or if the store has forgotten it. */
  get(key: string): Promise<string | undefined>
  /**
   * Sets a key to a value that the store may forget at any time.
   *
   * @param ttlSeconds - When it forgets the value at the latest.
   */
  set(key: string, value: string, ttlSeconds: number): Promise<void>
  /**
   * Deletes a key, taken or set.
   *
   * @param value - Delete only if the key still holds this value; check and deletion are one step.
   */
  delete(key: string, value?: string): Promise<void>
}
