/**
 * What is left of the tenant's rate limit, as its own answers say. Everything that calls the Management API uses it up: other
 * instances, the Action, other programs of the operator.
 * @module
 */
import 'server-only'
import { setTimeout as sleep } from 'node:timers/promises'
import { processMemory } from '../process/process-memory'

/** What Auth0's smallest plan allows at once; assumed until an answer says what the limit is. */
const SMALLEST_LIMIT = 10
/** Seconds in which an empty bucket of any plan is full again, at most. */
const BUCKET_REFILL_SECONDS = 5
/** Share of the limit that is reserved for changes: pages that only show something do not use it. */
const SHARE_FOR_CHANGES = 0.5
/** Share of the limit below which calls of one person are limited. */
const SCARCE_SHARE = 0.75
/** Longest time that a call waits for its turn, in milliseconds. */
const MAX_TURN_WAIT_MS = 2_000
/** Time between two checks, in milliseconds. */
const TURN_POLL_MS = 50

interface Quota {
  limit: number
  remaining: number
  /** When the tenant said so, by the clock of `performance`. */
  at: number
  /** Whether the tenant has named a limit yet. */
  isTold: boolean
  /** Calls that are not answered yet. */
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

/** `fetch` for the Management API: records what every answer says about the limit. */
export async function fetchCounted(...request: Parameters<typeof fetch>): Promise<Response> {
  const known = quota()
  known.underWay += 1
  try {
    const response = await fetch(...request)
    note(known, response)
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

/** How many calls the tenant would allow now: what it said last, plus what was refilled since, minus calls under way. */
function left(): number {
  const { limit, remaining, at, underWay } = quota()
  const regained = ((performance.now() - at) / 1000) * (limit / BUCKET_REFILL_SECONDS)
  return Math.min(limit, remaining + regained) - underWay
}

/** Whether a quarter of the tenant's limit is used up. False until the tenant has said what its limit is. */
export function isScarce(): boolean {
  const { isTold, limit } = quota()
  return isTold && left() < SCARCE_SHARE * limit
}

/**
 * Waits until a page that only shows something may make a call. Half of the tenant's limit is reserved for changes, so that a person
 * who views many pages cannot keep others from taking a way in out of their account.
 *
 * @returns False if that takes longer than two seconds.
 */
export const mayView = (): Promise<boolean> => untilLeft(1 + SHARE_FOR_CHANGES * quota().limit)

/** Waits, two seconds at most, until the tenant would let a call through. The call is then made in any case. */
export const untilTurn = (): Promise<boolean> => untilLeft(1)

async function untilLeft(wanted: number): Promise<boolean> {
  const giveUpAt = performance.now() + MAX_TURN_WAIT_MS
  while (left() < wanted) {
    if (performance.now() >= giveUpAt) return false
    await sleep(TURN_POLL_MS * (0.5 + Math.random()))
  }
  return true
}
