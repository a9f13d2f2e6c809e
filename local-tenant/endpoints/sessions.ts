/**
 * `/api/v2/users/{id}/sessions` and `/api/v2/sessions/{id}`.
 * @module
 */
import { Hono } from 'hono'
import { z } from 'zod'
import { CheckpointQuery, checkpointPage } from '../management/checkpoint-page'
import { endSessionLater, endSessionsLater } from '../management/end-access'
import { type ManagementEnv, requireScope } from '../management/management-auth'
import { ManagementRefusal, parsePart } from '../management/management-errors'
import { requireReachable, toManagementSession } from '../management/management-session'
import { parseUserId } from '../management/parse-user-id'
import type { TenantState } from '../state'

const ListQuery = z.strictObject({
  ...CheckpointQuery,
  include_totals: z.enum(['true', 'false']).optional(),
})

/**
 * Reads and ends sessions. As at Auth0, they end a moment after the response 202: see `options.ending_delay_ms`.
 *
 * @see https://auth0.com/docs/manage-users/sessions/manage-user-sessions-with-auth0-management-api
 */
export function sessions(state: TenantState): Hono<ManagementEnv> {
  const app = new Hono<ManagementEnv>()

  app.get('/api/v2/users/:id/sessions', (context) => {
    const id = parseUserId(context.req.param('id'))
    requireScope(context.get('caller'), ['read:sessions'])
    const query = parsePart(ListQuery, context.req.query(), 'Query')
    requireReachable(state, id)
    const all = [...state.sessions.values()].filter((session) => session.user_id === id)
    const { items, next } = checkpointPage(all, query)
    return context.json({
      sessions: items.map(toManagementSession),
      ...(next !== undefined && { next }),
      ...(query.include_totals === 'true' && { total: all.length }),
    })
  })

  app.delete('/api/v2/users/:id/sessions', (context) => {
    const id = parseUserId(context.req.param('id'))
    requireScope(context.get('caller'), ['delete:sessions'])
    requireReachable(state, id)
    endSessionsLater(state, id)
    return context.json({}, 202)
  })

  app.get('/api/v2/sessions/:id', (context) => {
    requireScope(context.get('caller'), ['read:sessions'])
    const session = state.sessions.get(context.req.param('id'))
    if (!session) throw new ManagementRefusal(404, 'The session does not exist.')
    return context.json(toManagementSession(session))
  })

  app.delete('/api/v2/sessions/:id', (context) => {
    requireScope(context.get('caller'), ['delete:sessions'])
    endSessionLater(state, context.req.param('id'))
    return context.json({}, 202)
  })

  return app
}
