/**
 * How much is left of the tenant's rate limit, according to the headers of its responses. All callers of the Management API
 * share the limit: other instances, the Action, other programs of the operator.
 * @module
 */
import 'server-only'
import { setTimeout as sleep } from 'node:timers/promises'
import { logEvent } from '../observability/log'
import { processMemory } from '../process/process-memory'

/** API calls that Auth0's smallest plan allows at once. We assume this limit until a response names the real one. */
const SMALLEST_LIMIT = 10
/** Longest time until an empty bucket is full again, on any plan, in seconds. */
const BUCKET_REFILL_SECONDS = 5
/** Share of the limit that is reserved for API calls that change something. Pages that only show something do not use it. */
const SHARE_FOR_CHANGES = 0.5
/** If less than this share of the limit is left, one person's API calls are limited. */
const SCARCE_SHARE = 0.75
/** Longest time that an API call waits until the limit allows it, in milliseconds. */
const MAX_TURN_WAIT_MS = 2_000
/** Average time between two checks of a call that waits, in milliseconds. */
const TURN_POLL_MS = 50

interface Quota {
  limit: number
  remaining: number
  /** When the tenant last reported the limit, as `performance.now()`. */
  at: number
  /** Whether the tenant has reported its limit yet. */
  isTold: boolean
  /** API calls that the tenant has not responded to yet. */
  underWay: number
}

const quota = () =>
  processMemory<Quota>('tenant-quota', () => ({
    limit: SMALLEST_LIMIT,
    remaining: SMALLEST_LIMIT,
    at: performance.now(),
    isTold: false,
    underWay: 0,
  }))

/** `fetch` for the Management API. It records what every response says about the rate limit, and logs each refusal by it. */
export async function fetchTrackingQuota(...request: Parameters<typeof fetch>): Promise<Response> {
  const known = quota()
  known.underWay += 1
  try {
    const response = await fetch(...request)
    note(known, response)
    if (response.status === 429) logEvent('api_limited')
    return response
  } finally {
    known.underWay -= 1
  }
}

/** @see {@link https://auth0.com/docs/troubleshoot/customer-support/operational-policies/rate-limit-policy#http-response-headers Rate limit headers} */
function note(known: Quota, { headers }: Response): void {
  const limit = Number(headers.get('x-ratelimit-limit') ?? Number.NaN)
  const remaining = Number(headers.get('x-ratelimit-remaining') ?? Number.NaN)
  if (!(limit > 0 && remaining >= 0)) return
  Object.assign(known, { limit, remaining, at: performance.now(), isTold: true })
}

/** How many API calls the tenant would allow now: the last reported number, plus the refill since, minus the calls under way. */
function left(): number {
  const { limit, remaining, at, underWay } = quota()
  const regained = ((performance.now() - at) / 1000) * (limit / BUCKET_REFILL_SECONDS)
  return Math.min(limit, remaining + regained) - underWay
}

/** Whether more than a quarter of the tenant's limit is used up. False until the tenant has reported its limit. */
export function isScarce(): boolean {
  const { isTold, limit } = quota()
  return isTold && left() < SCARCE_SHARE * limit
}

/**
 * Waits until a page that only shows something may make an API call. Half of the tenant's limit is reserved for changes, so that
 * a person who views many pages cannot keep others from removing a sign-in method from their account.
 *
 * @returns False if the page would have to wait longer than two seconds.
 */
export const waitForViewQuota = (): Promise<boolean> => untilLeft(1 + SHARE_FOR_CHANGES * quota().limit)

/** Waits up to two seconds until the tenant would allow an API call. The caller makes the call even if this returns false. */
export const untilTurn = (): Promise<boolean> => untilLeft(1)

async function untilLeft(wanted: number): Promise<boolean> {
  const giveUpAt = performance.now() + MAX_TURN_WAIT_MS
  while (left() < wanted) {
    if (performance.now() >= giveUpAt) return false
    await sleep(TURN_POLL_MS * (0.5 + Math.random()))
  }
  return true
}
