/**
 * `/api/v2/tenants/settings`, `/api/v2/branding` and `/api/v2/custom-domains`.
 * @module
 */
import { createHash } from 'node:crypto'
import { Hono } from 'hono'
import { z } from 'zod'
import { defaultTheme } from '../management/default-theme'
import { type ManagementEnv, requireScope } from '../management/management-auth'
import { ManagementRefusal, parsePart } from '../management/management-errors'
import { FieldsQuery, pickFields } from '../management/management-user'
import type { TenantState } from '../state'

/**
 * Shows the tenant's name and brand, read-only.
 *
 * @param state - The tenant.
 * @see https://auth0.com/docs/api/management/v2/tenants/tenant-settings-route
 * @see https://auth0.com/docs/api/management/v2/branding/get-branding
 * @see https://auth0.com/docs/api/management/v2/branding/get-default-branding-theme
 * @see https://auth0.com/docs/api/management/v2/custom-domains/get-custom-domains
 */
export function tenantSettings(state: TenantState): Hono<ManagementEnv> {
  const app = new Hono<ManagementEnv>()

  app.get('/api/v2/tenants/settings', (context) => {
    requireScope(context.get('caller'), ['read:tenant_settings'])
    const query = parsePart(z.strictObject(FieldsQuery), context.req.query(), 'Query')
    const shown = { ...state.brand.settings, flags: { enable_client_connections: false } }
    return context.json(pickFields(shown, query))
  })

  app.get('/api/v2/branding', (context) => {
    requireScope(context.get('caller'), ['read:branding'])
    return context.json(state.brand.branding)
  })

  app.get('/api/v2/branding/themes/default', (context) => {
    requireScope(context.get('caller'), ['read:branding'])
    const { theme } = state.brand
    if (!theme) throw new ManagementRefusal(404, 'There is no default theme.', 'inexistent_theme')
    return context.json(defaultTheme(theme))
  })

  app.get('/api/v2/custom-domains', (context) => {
    requireScope(context.get('caller'), ['read:custom_domains'])
    const domains = state.brand.custom_domains.map((domain, index) => ({
      custom_domain_id: `cd_${createHash('sha256').update(domain.domain).digest('hex').slice(0, 16)}`,
      primary: index === 0,
      status: 'ready',
      type: 'auth0_managed_certs',
      ...domain,
    }))
    return context.json(domains)
  })

  return app
}
