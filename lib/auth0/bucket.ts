/**
 * One token bucket of the tenant's rate limit, and the share of it that bulk work may use, such as `npm run duplicates`.
 * @module
 */
import 'server-only'

/**
 * How many API calls per second Auth0 adds back to a bucket, by the bucket's size. If several of Auth0's limits have buckets
 * of the same size, this is the slowest of their rates.
 */
const REFILL: Readonly<Record<number, number>> = {
  2: 2,
  5: 50 / 60,
  10: 2,
  20: 200 / 60,
  40: 500 / 60,
  50: 16,
}
/** For a bucket of any other size: the seconds after which it counts as full again. */
const REFILL_SECONDS = 6
/** After a 429, bulk work slows down for this time, in milliseconds, and to this share of its rate. */
const SLOW_MS = 60_000
const SLOW_SHARE = 0.5

/** A bucket of the rate limit, kept up to date from the tenant's responses. */
export class Bucket {
  /** API calls that our share allows now. */
  #ours = 1
  /** API calls left in the tenant's bucket, as far as we know. */
  #theirs: number
  /** API calls without a response yet. */
  #underWay = 0
  #at: number
  #slowUntil = Number.NEGATIVE_INFINITY

  /**
   * @param size - How many API calls a full bucket holds.
   * @param share - The share of the bucket that we may use, above 0 and at most 1.
   * @param now - A clock that only goes forward, in milliseconds.
   */
  constructor(
    readonly size: number,
    private readonly share: number,
    private readonly now: () => number,
  ) {
    this.#theirs = size
    this.#at = now()
  }

  /** API calls per second that we may make. */
  get rate(): number {
    return this.share * this.#refill * (this.now() < this.#slowUntil ? SLOW_SHARE : 1)
  }

  get #refill(): number {
    return REFILL[this.size] ?? this.size / REFILL_SECONDS
  }

  /** How long to wait before the next API call, in milliseconds. */
  wait(): number {
    this.#fill()
    const ours = (1 - this.#ours) / this.rate
    // Everything beyond our share stays in the bucket for logins, which use the same one.
    const kept = Math.min((1 - this.share) * this.size, this.size - 1)
    const theirs = (kept + 1 - this.#theirs) / this.#refill
    return Math.max(0, ours, theirs) * 1000
  }

  /** Counts an API call that starts now. */
  take(): void {
    this.#ours -= 1
    this.#theirs -= 1
    this.#underWay += 1
  }

  /** Counts an API call that has ended. */
  end(): void {
    this.#underWay -= 1
  }

  /** @param remaining - How many API calls the bucket still holds, as a response says. */
  note(remaining: number): void {
    this.#fill()
    this.#theirs = remaining - this.#underWay
  }

  /** @param waitMs - How long the tenant asks us to wait, after it refused an API call with 429. */
  slowDown(waitMs: number): void {
    this.#fill()
    this.#theirs = Math.min(this.#theirs, (-waitMs / 1000) * this.#refill)
    this.#slowUntil = this.now() + SLOW_MS
  }

  /** Adds the API calls that the passed time allows. Unused calls of our share are saved up for one second at most. */
  #fill(): void {
    const seconds = (this.now() - this.#at) / 1000
    this.#at += seconds * 1000
    this.#ours = Math.min(Math.max(1, this.rate), this.#ours + seconds * this.rate)
    this.#theirs = Math.min(this.size, this.#theirs + seconds * this.#refill)
  }
}
