/**
 * What is left of the tenant's rate limit, as its own answers tell. Everything that calls the Management API draws on it: other
 * instances, the Action, other programs of the operator.
 * @module
 */
import 'server-only'
import { setTimeout as sleep } from 'node:timers/promises'
import { processMemory } from '../process/process-memory'

/** What Auth0's smallest plan lets through at once; taken for the limit until an answer tells it. */
const SMALLEST_LIMIT = 10
/** Seconds in which an empty bucket of any plan is full again, at most. */
const BUCKET_REFILL_SECONDS = 5
/** Share of the limit that pages which only show something leave to changes. */
const SHARE_FOR_CHANGES = 0.5
/** Share of the limit below which people have to be thrifty. */
const SCARCE_SHARE = 0.75
/** Longest time for which a call waits for its turn, in milliseconds. */
const MAX_TURN_WAIT_MS = 2_000
/** Time between two looks, in milliseconds. */
const TURN_POLL_MS = 50

interface Quota {
  limit: number
  remaining: number
  /** When the tenant said so, on the clock of `performance`. */
  at: number
  /** Whether the tenant has said anything of a limit yet. */
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

/** `fetch` for the Management API: notes what every answer tells of the limit. */
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

/** How many calls the tenant would let through now: what it said last, what has come back since, less what is under way. */
function left(): number {
  const { limit, remaining, at, underWay } = quota()
  const regained = ((performance.now() - at) / 1000) * (limit / BUCKET_REFILL_SECONDS)
  return Math.min(limit, remaining + regained) - underWay
}

/** Whether a quarter of the tenant's limit is used up. False as long as the tenant has not said what its limit is. */
export function isScarce(): boolean {
  const { isTold, limit } = quota()
  return isTold && left() < SCARCE_SHARE * limit
}

/**
 * Waits until a page that only shows something may make a call: half of the tenant's limit is left to those who change something,
 * so that nobody who looks at many pages keeps others from taking a way in out of their account.
 *
 * @returns False where that takes longer than two seconds.
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
