/**
 * Keeps bulk work below a share of the tenant's rate limit for the Management API. It learns that limit from the tenant's responses.
 *
 * Auth0 limits API calls with token buckets: one for the whole API, or one for each group of endpoints. In a response,
 * `x-ratelimit-limit` is the size of the bucket that the API call counted for, and `x-ratelimit-remaining` how much is left in it. No
 * header says how fast the bucket refills, but Auth0's tables do, by its size.
 *
 * @see {@link https://auth0.com/docs/troubleshoot/customer-support/operational-policies/rate-limit-policy/rate-limit-configurations Rate limits by plan}
 * @module
 */
import 'server-only'
import { setTimeout as sleep } from 'node:timers/promises'
import { waitOf } from '@/core'
import { Bucket } from './bucket'

/**
 * Assumed bucket size of a kind of API call that the tenant has not responded to yet: the smallest that Auth0 has. Once the
 * bucket of the whole API is known, that one is assumed instead.
 */
const SMALLEST = 2
/** A bucket of at least this size is that of the whole API. API calls that have a smaller bucket count for both buckets. */
const WHOLE_API = 50
/** Longest time that one API call waits for its response, in milliseconds. Waiting for its turn does not count. */
const CALL_TIMEOUT_MS = 2_500

/** A clock that only goes forward, in milliseconds, and a way to wait. */
export interface Time {
  now(): number
  sleep(milliseconds: number): Promise<unknown>
}
const TIME: Time = { now: () => performance.now(), sleep: (milliseconds) => sleep(milliseconds) }

/** Makes API calls, each of which waits for its turn, so that together they stay within the share. */
export class RequestPacer {
  /** API calls made so far. */
  calls = 0
  /** API calls that the tenant refused with 429. */
  rateLimited = 0
  /** API calls that wait for their turn now. */
  waiting = 0

  readonly #buckets = new Map<number, Bucket>()
  /** The bucket size of each kind of API call, by {@link kindOf}. */
  readonly #sizes = new Map<string, number>()
  /** By bucket size: a promise that ends once the last API call in line has had its turn. */
  readonly #queues = new Map<number, Promise<void>>()

  /**
   * @param share - The share of the tenant's rate limit to use, above 0 and at most 1.
   * @param fetcher - Makes one API call.
   */
  constructor(
    private readonly share: number,
    private readonly fetcher: typeof fetch = fetch,
    private readonly time: Time = TIME,
  ) {}

  /** A `fetch` for the Management API that waits for its turn first. The time limit of the API call begins after that. */
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
   * Makes a `send` that works like {@link RequestPacer.send}, and measures what goes through it.
   *
   * @returns `milliseconds`: how long these API calls would take at this pace if nothing else used it. `waitMs`: the longest wait that
   *   the tenant asked for with a 429, in milliseconds; 0 if it refused none of them.
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

  /** Waits until an API call may start, behind the earlier ones of the same bucket. Returns the buckets that it counts for. */
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

  /** The buckets that an API call of a kind counts for. */
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
      this.rateLimited += 1
      this.#bucket(limit > 0 ? limit : SMALLEST).slowDown(waitOf(headers, Date.now()))
    } else if (limit > 0 && remaining >= 0) this.#bucket(limit).note(remaining)
  }
}

const pathOf = (input: RequestInfo | URL): string =>
  new URL(input instanceof Request ? input.url : input).pathname

/** The kind of an API call: its method and its path without ids, because Auth0 limits endpoints, not single users. */
function kindOf(method: string, pathname: string): string {
  const [first, , second, , third] = pathname.replace('/api/v2/', '').split('/')
  return [method, first, second, second === 'members' ? third : undefined].filter(Boolean).join(' ')
}
