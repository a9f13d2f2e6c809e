/**
 * One bucket of the tenant's rate limit, and our share of it.
 * @module
 */
import 'server-only'

/** Calls a second that fill a bucket, by its size: of two buckets of one size the slower one. */
const REFILL: Readonly<Record<number, number>> = {
  2: 2,
  5: 50 / 60,
  10: 2,
  20: 200 / 60,
  40: 500 / 60,
  50: 16,
}
/** Seconds in which an empty bucket of any other size is full again, at most. */
const REFILL_SECONDS = 6
/** How long a command is slower after the tenant turned a call away, in milliseconds, and how much slower. */
const SLOW_MS = 60_000
const SLOW_SHARE = 0.5

/** A bucket, as the tenant's answers show it. */
export class Bucket {
  /** Calls that we may make now, by our share. */
  #ours = 1
  /** What is in it, as far as we know. */
  #theirs: number
  /** Calls that are not answered yet. */
  #underWay = 0
  #at: number
  #slowUntil = Number.NEGATIVE_INFINITY

  /**
   * @param size - Calls that it holds.
   * @param share - What of it is ours, above 0 and at most 1.
   * @param now - Milliseconds of a clock that only goes forward.
   */
  constructor(
    readonly size: number,
    private readonly share: number,
    private readonly now: () => number,
  ) {
    this.#theirs = size
    this.#at = now()
  }

  /** Calls a second that we may make. */
  get rate(): number {
    return this.share * this.#refill * (this.now() < this.#slowUntil ? SLOW_SHARE : 1)
  }

  get #refill(): number {
    return REFILL[this.size] ?? this.size / REFILL_SECONDS
  }

  /** How long to wait until a call may be made, in milliseconds. */
  wait(): number {
    this.#fill()
    const ours = (1 - this.#ours) / this.rate
    // The rest is left to logins, which use the same bucket.
    const kept = Math.min((1 - this.share) * this.size, this.size - 1)
    const theirs = (kept + 1 - this.#theirs) / this.#refill
    return Math.max(0, ours, theirs) * 1000
  }

  /** Counts a call that is made now. */
  take(): void {
    this.#ours -= 1
    this.#theirs -= 1
    this.#underWay += 1
  }

  /** Counts the end of a call. */
  end(): void {
    this.#underWay -= 1
  }

  /** @param remaining - What is left of the bucket, as an answer says. */
  note(remaining: number): void {
    this.#fill()
    this.#theirs = remaining - this.#underWay
  }

  /** @param waitMs - How long the tenant asks to wait, which has turned a call away. */
  slowDown(waitMs: number): void {
    this.#fill()
    this.#theirs = Math.min(this.#theirs, (-waitMs / 1000) * this.#refill)
    this.#slowUntil = this.now() + SLOW_MS
  }

  /** Adds what time has brought. Of our share, what is not used within a second is not saved up. */
  #fill(): void {
    const seconds = (this.now() - this.#at) / 1000
    this.#at += seconds * 1000
    this.#ours = Math.min(Math.max(1, this.rate), this.#ours + seconds * this.rate)
    this.#theirs = Math.min(this.size, this.#theirs + seconds * this.#refill)
  }
}
