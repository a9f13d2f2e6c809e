/**
 * What has to be remembered beyond one request: what was used, what is cached, who is at work, how often.
 * @module
 */
import 'server-only'

/** How often something happened within the life of its key. */
export interface Count {
  count: number
  secondsLeft: number
}

/**
 * A place to remember things in. Keys look like `kind:value`; each is taken, counted or set, and never two of these.
 * Every operation throws a `LinkingError` with `store_unavailable` where the store does not answer in time.
 */
export interface Store {
  /**
   * Takes a key for the first and only time within its life.
   *
   * @param ttlSeconds - How long it stays taken.
   * @param value - Tells whoever took it from others, for {@link Store.delete}.
   * @returns False where it was taken before, or where nothing more can be remembered.
   */
  take(key: string, ttlSeconds: number, value?: string): Promise<boolean>
  /** Whether a key is taken at present. */
  isTaken(key: string): Promise<boolean>
  /**
   * Counts one more under a key. The count starts again from nothing when its life is over.
   *
   * @param ttlSeconds - Its life, from the first one on.
   * @param by - How many are counted; 0 only looks, and -1 takes one back.
   * @returns How many there are with these, and how long the life still is.
   */
  count(key: string, ttlSeconds: number, by?: number): Promise<Count>
  /** What a key was last set to; undefined where it never was, or where that was forgotten. */
  get(key: string): Promise<string | undefined>
  /**
   * Sets a key to a value that may be forgotten at any time.
   *
   * @param ttlSeconds - When it is forgotten at the latest.
   */
  set(key: string, value: string, ttlSeconds: number): Promise<void>
  /**
   * Deletes a key, taken or set.
   *
   * @param value - Only where the key still holds this value; both happen in one step.
   */
  delete(key: string, value?: string): Promise<void>
}
