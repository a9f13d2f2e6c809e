/**
 * CORS: requests from scripts of other origins.
 * @module
 */
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { MiddlewareHandler } from 'hono'
import { cors } from 'hono/cors'
import type { TenantState } from './state'
import type { TenantEnv } from './tenant-env'

/** Paths to which scripts may send requests: the APIs, but no pages. */
export const CROSS_ORIGIN_PATHS = ['/api/v2/*', '/.well-known/*', '/userinfo', '/oauth/token']

/**
 * Lets scripts of an application's web origins read responses; other origins get no CORS header. The middleware answers
 * preflights itself: they need no token, do not count against the rate limit, and get no fault.
 *
 * @param state - The tenant, for the `web_origins` of its clients.
 * @see https://auth0.com/docs/get-started/applications/set-up-cors
 */
export function crossOrigin(state: TenantState): MiddlewareHandler<TenantEnv> {
  const allow = cors({
    origin: (origin) => origin,
    allowMethods: ['GET', 'POST', 'PATCH', 'DELETE'],
    allowHeaders: ['authorization', 'content-type', 'auth0-client'],
    exposeHeaders: ['x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset', 'retry-after'],
  })
  return async (context, next) => {
    const origin = context.req.header('origin')
    const isAllowed = [...state.clients.values()].some(
      (client) => origin !== undefined && client.web_origins.includes(origin),
    )
    if (context.req.method === 'OPTIONS') {
      return isAllowed ? allow(context, next) : context.body(null, 204)
    }
    await next()
    // Set the headers on the final response, because a fault may have replaced the first one.
    if (isAllowed && context.res !== RESPONSE_ALREADY_SENT) await allow(context, async () => {})
  }
}
