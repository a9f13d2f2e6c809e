/**
 * The Management API's rate limit.
 * @module
 */
import type { MiddlewareHandler } from 'hono'
import type { TenantState } from '../state'
import type { TenantEnv } from '../tenant-env'
import { managementError } from './management-errors'

/** The numbers in the headers if no limit is set. */
const UNLIMITED = { burst: 50, per_second: 16 }

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
 * Limits the calls to the whole Management API by one token bucket, which `options.rate_limit` sets. If the bucket is empty,
 * the response is 429 with `retry-after`. A 429 and every success carry the `x-ratelimit-*` headers; other errors do not.
 *
 * @see https://auth0.com/docs/troubleshoot/customer-support/operational-policies/rate-limit-policy
 */
export function rateLimit(state: TenantState): MiddlewareHandler<TenantEnv> {
  let bucket = { limit: state.options.rate_limit, tokens: 0, at: 0 }
  state.onReset(() => {
    bucket = { limit: null, tokens: 0, at: 0 }
  })

  return async (context, next) => {
    const limit = state.options.rate_limit
    const { burst, per_second: perSecond } = limit ?? UNLIMITED
    const now = state.now()
    // A new limit starts with a full bucket.
    const isSame = limit !== null && bucket.limit === limit
    const filled = isSame ? Math.min(burst, bucket.tokens + ((now - bucket.at) / 1000) * perSecond) : burst
    const isAllowed = filled >= 1
    bucket = { limit, tokens: isAllowed ? filled - 1 : filled, at: now }

    const wait = Math.max(0, (1 - bucket.tokens) / perSecond)
    const headers = {
      'x-ratelimit-limit': String(burst),
      'x-ratelimit-remaining': String(Math.floor(bucket.tokens)),
      'x-ratelimit-reset': String(Math.ceil(now / 1000 + wait)),
    }
    if (isAllowed) {
      await next()
    } else {
      const whose = limit?.of === 'endpoint' ? 'Endpoint' : 'Global'
      const message = `${whose} limit has been reached`
      context.res = managementError(429, message, { errorCode: 'too_many_requests' })
      context.header('retry-after', String(Math.max(1, Math.ceil(wait))))
    }
    if (context.res.status >= 400 && isAllowed) return
    for (const [name, value] of Object.entries(headers)) context.header(name, value)
  }
}
