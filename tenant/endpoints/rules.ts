/**
 * `/api/v2/rules`.
 * @module
 */
import { Hono } from 'hono'
import { z } from 'zod'
import { type ManagementEnv, requireScope } from '../management/management-auth'
import { parsePart } from '../management/management-errors'
import { FieldsQuery, pickFields } from '../management/management-user'
import { OffsetQuery, offsetPage } from '../management/offset-page'
import type { TenantState } from '../state'

const ListQuery = z.strictObject({
  ...FieldsQuery,
  ...OffsetQuery,
  include_totals: z.enum(['true', 'false']).optional(),
  enabled: z.enum(['true', 'false']).optional(),
})

/**
 * Rules, to be read only: none is run.
 *
 * @see https://auth0.com/docs/api/management/v2/rules/get-rules
 */
export function rules(state: TenantState): Hono<ManagementEnv> {
  const app = new Hono<ManagementEnv>()

  app.get('/api/v2/rules', (context) => {
    requireScope(context.get('caller'), ['read:rules'])
    const query = parsePart(ListQuery, context.req.query(), 'Query')
    const found = state.rules
      .filter(({ enabled }) => query.enabled === undefined || String(enabled) === query.enabled)
      .toSorted((one, other) => one.order - other.order)
      .map((rule) => pickFields({ ...rule }, query))
    const { items, start, limit } = offsetPage(found, query)
    if (query.include_totals !== 'true') return context.json(items)
    return context.json({ start, limit, length: items.length, total: found.length, rules: items })
  })

  return app
}
