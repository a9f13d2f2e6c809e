/**
 * How fast work in bulk calls the Management API: never above a share of the tenant's rate limit, as the tenant's own answers show it.
 *
 * Auth0 counts by buckets: one for the whole API, or one for each group of endpoints. `x-ratelimit-limit` says how large the bucket of
 * a call is, and `x-ratelimit-remaining` how much is left in it. No header says how fast it fills; Auth0's tables do, by its size.
 *
 * @see {@link https://auth0.com/docs/troubleshoot/customer-support/operational-policies/rate-limit-policy/rate-limit-configurations Rate limits by plan}
 * @module
 */
import 'server-only'
import { setTimeout as sleep } from 'node:timers/promises'
import { waitOf } from '@/core'
import { Bucket } from './bucket'

/** What is assumed of a call until the tenant has answered one of its kind: the smallest bucket. */
const SMALLEST = 2
/** From this size on a bucket is that of the whole API: calls with a limit of their own count for it too. */
const WHOLE_API = 50
/** Longest time that one call waits for its answer, in milliseconds. Its turn does not count. */
const CALL_TIMEOUT_MS = 2_500

/** A clock that only goes forward, in milliseconds, and a way to wait. */
export interface Time {
  now(): number
  sleep(milliseconds: number): Promise<unknown>
}
const TIME: Time = { now: () => performance.now(), sleep: (milliseconds) => sleep(milliseconds) }

/** Makes calls at a pace. */
export class Pace {
  /** Calls made so far. */
  calls = 0
  /** Those that the tenant turned away with a 429. */
  turnedAway = 0
  /** Calls that wait for their turn. */
  waiting = 0

  readonly #buckets = new Map<number, Bucket>()
  /** Of a kind of call: the size of its bucket. */
  readonly #sizes = new Map<string, number>()
  /** Of a bucket: the call that waits last. */
  readonly #queues = new Map<number, Promise<void>>()

  /**
   * @param share - The share of the tenant's limit, above 0 and at most 1.
   * @param fetcher - Makes a call.
   */
  constructor(
    private readonly share: number,
    private readonly fetcher: typeof fetch = fetch,
    private readonly time: Time = TIME,
  ) {}

  /** `fetch` for the Management API, which waits for its turn first. The time limit of the call begins after that. */
  readonly send: typeof fetch = async (input, init) => {
    const kind = kindOf(init?.method ?? 'GET', pathOf(input))
    const taken = await this.#turn(kind)
    this.calls += 1
    try {
      const response = await this.fetcher(input, { ...init, signal: AbortSignal.timeout(CALL_TIMEOUT_MS) })
      for (const bucket of taken) bucket.end()
      this.#note(kind, response)
      return response
    } catch (error) {
      for (const bucket of taken) bucket.end()
      throw error
    }
  }

  /**
   * Makes calls at this pace, and measures them.
   *
   * @returns `milliseconds`: how long as many calls of the same kinds take at this pace if nothing else is called. `waitMs`: how long the
   *   tenant asked to wait, if it turned one of them away, in milliseconds.
   */
  meter(): { send: typeof fetch; milliseconds(): number; waitMs(): number } {
    const kinds = new Map<string, number>()
    let waitMs = 0
    return {
      send: async (input, init) => {
        const kind = kindOf(init?.method ?? 'GET', pathOf(input))
        kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
        const response = await this.send(input, init)
        if (response.status === 429) waitMs = Math.max(waitMs, waitOf(response.headers, Date.now()))
        return response
      },
      milliseconds: () => this.#millisecondsOf(kinds),
      waitMs: () => waitMs,
    }
  }

  #millisecondsOf(kinds: ReadonlyMap<string, number>): number {
    const spent = new Map<Bucket, number>()
    for (const [kind, count] of kinds)
      for (const bucket of this.#bucketsOf(kind)) spent.set(bucket, (spent.get(bucket) ?? 0) + count)
    return Math.max(0, ...[...spent].map(([bucket, count]) => (count / bucket.rate) * 1000))
  }

  /** Waits for the turn of a call, behind those of the same bucket. */
  async #turn(kind: string): Promise<Bucket[]> {
    const size = this.#sizes.get(kind) ?? (this.#whole() ? WHOLE_API : SMALLEST)
    let taken: Bucket[] = []
    const before = this.#queues.get(size)
    const turn = async () => {
      await before
      taken = await this.#take(kind)
    }
    this.waiting += 1
    const mine = turn().finally(() => {
      this.waiting -= 1
    })
    this.#queues.set(size, mine)
    await mine
    return taken
  }

  async #take(kind: string): Promise<Bucket[]> {
    while (true) {
      const buckets = this.#bucketsOf(kind)
      const wait = Math.max(...buckets.map((bucket) => bucket.wait()))
      if (wait <= 0) {
        for (const bucket of buckets) bucket.take()
        return buckets
      }
      await this.time.sleep(Math.ceil(wait))
    }
  }

  /** The buckets that a call counts for. */
  #bucketsOf(kind: string): Bucket[] {
    const size = this.#sizes.get(kind)
    const whole = this.#whole()
    const own = size === undefined ? whole || this.#bucket(SMALLEST) : this.#bucket(size)
    return whole && own !== whole ? [own, whole] : [own]
  }

  #whole(): Bucket | undefined {
    return [...this.#buckets.values()].find(({ size }) => size >= WHOLE_API)
  }

  #bucket(size: number): Bucket {
    const known = this.#buckets.get(size) ?? new Bucket(size, this.share, this.time.now)
    this.#buckets.set(size, known)
    return known
  }

  #note(kind: string, { status, headers }: Response): void {
    const limit = Number(headers.get('x-ratelimit-limit') ?? Number.NaN)
    const remaining = Number(headers.get('x-ratelimit-remaining') ?? Number.NaN)
    if (limit > 0) this.#sizes.set(kind, limit)
    if (status === 429) {
      this.turnedAway += 1
      this.#bucket(limit > 0 ? limit : SMALLEST).slowDown(waitOf(headers, Date.now()))
    } else if (limit > 0 && remaining >= 0) this.#bucket(limit).note(remaining)
  }
}

const pathOf = (input: RequestInfo | URL): string =>
  new URL(input instanceof Request ? input.url : input).pathname

/** The kind of a call: its method and its path without ids, because limits are of endpoints. */
function kindOf(method: string, pathname: string): string {
  const [first, , second, , third] = pathname.replace('/api/v2/', '').split('/')
  return [method, first, second, second === 'members' ? third : undefined].filter(Boolean).join(' ')
}
