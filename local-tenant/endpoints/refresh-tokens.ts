/**
 * `/api/v2/users/{id}/refresh-tokens` and `/api/v2/refresh-tokens/{id}`.
 * @module
 */
import { Hono } from 'hono'
import { z } from 'zod'
import { CheckpointQuery, checkpointPage } from '../management/checkpoint-page'
import { endRefreshTokenLater, endRefreshTokensLater } from '../management/end-access'
import { type ManagementEnv, requireScope } from '../management/management-auth'
import { parsePart } from '../management/management-errors'
import { requireReachable, toManagementRefreshToken } from '../management/management-session'
import { parseUserId } from '../management/parse-user-id'
import type { TenantState } from '../state'

const ListQuery = z.strictObject({
  ...CheckpointQuery,
  include_totals: z.enum(['true', 'false']).optional(),
  /** Accepted and ignored. */
  per_page: z.string().optional(),
})

/**
 * Lists and ends refresh tokens. As at Auth0, they end a moment after the response (204 for one, 202 for all of a user): see
 * `options.ending_delay_ms`.
 *
 * @see https://auth0.com/docs/secure/tokens/manage-refresh-tokens-with-auth0-management-api
 */
export function refreshTokens(state: TenantState): Hono<ManagementEnv> {
  const app = new Hono<ManagementEnv>()

  app.get('/api/v2/users/:id/refresh-tokens', (context) => {
    const id = parseUserId(context.req.param('id'))
    requireScope(context.get('caller'), ['read:refresh_tokens'])
    const query = parsePart(ListQuery, context.req.query(), 'Query')
    requireReachable(state, id)
    const all = [...state.refreshTokens.values()].filter(({ grant }) => grant.userId === id)
    const { items, next } = checkpointPage(all, query)
    return context.json({
      tokens: items.map(toManagementRefreshToken),
      ...(next !== undefined && { next }),
      ...(query.include_totals === 'true' && { total: all.length }),
    })
  })

  app.delete('/api/v2/users/:id/refresh-tokens', (context) => {
    const id = parseUserId(context.req.param('id'))
    requireScope(context.get('caller'), ['delete:refresh_tokens'])
    requireReachable(state, id)
    endRefreshTokensLater(state, id)
    return context.json({}, 202)
  })

  app.delete('/api/v2/refresh-tokens/:id', (context) => {
    requireScope(context.get('caller'), ['delete:refresh_tokens'])
    endRefreshTokenLater(state, context.req.param('id'))
    return context.body(null, 204)
  })

  return app
}
