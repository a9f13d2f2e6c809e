/**
 * `/api/v2/rules`.
 * @module
 */
import { Hono } from 'hono'
import { z } from 'zod'
import { type ManagementEnv, requireScope } from '../management/management-auth'
import { ManagementRefusal, parsePart } from '../management/management-errors'
import { FieldsQuery, pickFields } from '../management/management-user'
import { eitherPage, OffsetQuery } from '../management/offset-page'
import type { TenantState } from '../state'

const ListQuery = z.strictObject({
  ...FieldsQuery,
  ...OffsetQuery,
  include_totals: z.enum(['true', 'false']).optional(),
  enabled: z.enum(['true', 'false']).optional(),
})

/**
 * Shows Rules, read-only; the tenant does not run them. If the option `rules` is `gone`, the endpoint responds with 403, as
 * Auth0 does for tenants without Rules.
 *
 * @see https://auth0.com/docs/api/management/v2/rules/get-rules
 */
export function rules(state: TenantState): Hono<ManagementEnv> {
  const app = new Hono<ManagementEnv>()

  app.get('/api/v2/rules', (context) => {
    requireScope(context.get('caller'), ['read:rules'])
    if (state.options.rules === 'gone') {
      const message = 'Insufficient privileges to use this deprecated feature.'
      throw new ManagementRefusal(403, message, 'rules_not_allowed')
    }
    const query = parsePart(ListQuery, context.req.query(), 'Query')
    const found = state.rules
      .filter(({ enabled }) => query.enabled === undefined || String(enabled) === query.enabled)
      .toSorted((one, other) => one.order - other.order)
      .map((rule) => pickFields({ ...rule }, query))
    context.set('total', found.length)
    return context.json(eitherPage('rules', found, query))
  })

  return app
}
