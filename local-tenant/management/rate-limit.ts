/**
 * The Management API's rate limit.
 * @module
 */
import type { MiddlewareHandler } from 'hono'
import type { TenantState } from '../state'
import type { TenantEnv } from '../tenant-env'
import { managementError } from './management-errors'
import { limitsOf, type RateLimit } from './plan-limits'

/** The numbers in the headers if no limit is set. */
const UNLIMITED: RateLimit = { burst: 50, per_second: 16 }

/**
 * Adds the `x-ratelimit-*` headers of an endpoint with its own limit, which is never reached here.
 *
 * @param state - The tenant, for its clock.
 */
export function rateHeaders(state: TenantState): MiddlewareHandler<TenantEnv> {
  return async (context, next) => {
    await next()
    if (!context.res.ok) return
    context.header('x-ratelimit-limit', String(UNLIMITED.burst))
    context.header('x-ratelimit-remaining', String(UNLIMITED.burst - 1))
    context.header('x-ratelimit-reset', String(Math.ceil(state.now() / 1000)))
  }
}

/**
 * The state of a token bucket: how many requests it allows now, and when it was last filled, in milliseconds since the
 * epoch.
 */
interface Bucket {
  tokens: number
  at: number
}

/**
 * Limits the requests to the Management API by token buckets: the bucket that `options.rate_limit` sets, otherwise those of
 * `options.plan`. If a bucket is empty, the response is 429 with `retry-after`. A 429 and every success carry the
 * `x-ratelimit-*` headers of the last bucket that was checked; other errors do not.
 *
 * @see https://auth0.com/docs/troubleshoot/customer-support/operational-policies/rate-limit-policy
 */
export function rateLimit(state: TenantState): MiddlewareHandler<TenantEnv> {
  const buckets = new Map<RateLimit, Bucket>()
  let source: unknown = null
  state.onReset(() => buckets.clear())

  return async (context, next) => {
    const { rate_limit: own, plan, answers } = state.options
    // A new limit starts with a full bucket.
    if (source !== (own ?? plan)) buckets.clear()
    source = own ?? plan

    const now = state.now()
    const path = context.req.path.replace('/api/v2', '')
    const planned = plan && limitsOf(plan, context.req.method, path, answers.links_count_as)
    const limits = own ? [own] : (planned ?? [])
    let last: { limit: RateLimit; tokens: number } = { limit: UNLIMITED, tokens: UNLIMITED.burst - 1 }
    let isAllowed = true
    for (const limit of limits) {
      const bucket = filled(limit, buckets.get(limit), now)
      isAllowed = bucket.tokens >= 1
      if (isAllowed) bucket.tokens -= 1
      buckets.set(limit, bucket)
      last = { limit, tokens: bucket.tokens }
      if (!isAllowed) break
    }

    const wait = Math.max(0, (1 - last.tokens) / last.limit.per_second)
    const headers = {
      'x-ratelimit-limit': String(last.limit.burst),
      'x-ratelimit-remaining': String(Math.floor(last.tokens)),
      'x-ratelimit-reset': String(Math.ceil(now / 1000 + wait)),
    }
    if (isAllowed) {
      await next()
    } else {
      const whose = last.limit.of === 'endpoint' ? 'Endpoint' : 'Global'
      const message = `${whose} limit has been reached`
      context.res = managementError(429, message, { errorCode: 'too_many_requests' })
      context.header('retry-after', String(Math.max(1, Math.ceil(wait))))
    }
    if (context.res.status >= 400 && isAllowed) return
    for (const [name, value] of Object.entries(headers)) context.header(name, value)
  }
}

/** Refills a bucket for the time that has passed, or returns a full bucket if there is none yet. */
function filled(limit: RateLimit, bucket: Bucket | undefined, now: number): Bucket {
  if (bucket === undefined) return { tokens: limit.burst, at: now }
  const passed = limit.isBySecond ? Math.floor((now - bucket.at) / 1000) * 1000 : now - bucket.at
  const added = (passed / 1000) * limit.per_second
  return { tokens: Math.min(limit.burst, bucket.tokens + added), at: bucket.at + passed }
}
