/**
 * `/api/v2/tenants/settings` and `/api/v2/branding`.
 * @module
 */
import { Hono } from 'hono'
import { z } from 'zod'
import { type ManagementEnv, requireScope } from '../management/management-auth'
import { parsePart } from '../management/management-errors'
import { FieldsQuery, pickFields } from '../management/management-user'
import type { TenantState } from '../state'

/**
 * Shows the tenant's name and branding, read-only.
 *
 * @param state - The tenant.
 * @see https://auth0.com/docs/api/management/v2/tenants/tenant-settings-route
 * @see https://auth0.com/docs/api/management/v2/branding/get-branding
 */
export function tenantSettings({ settings }: TenantState): Hono<ManagementEnv> {
  const app = new Hono<ManagementEnv>()

  app.get('/api/v2/tenants/settings', (context) => {
    requireScope(context.get('caller'), ['read:tenant_settings'])
    const query = parsePart(z.strictObject(FieldsQuery), context.req.query(), 'Query')
    const shown = {
      friendly_name: 'Local Company',
      support_url: `${settings.otherOrigin}/`,
      flags: { enable_client_connections: false },
    }
    return context.json(pickFields(shown, query))
  })

  app.get('/api/v2/branding', (context) => {
    requireScope(context.get('caller'), ['read:branding'])
    return context.json({ colors: { primary: '#1f4e79', page_background: '#ffffff' } })
  })

  return app
}
