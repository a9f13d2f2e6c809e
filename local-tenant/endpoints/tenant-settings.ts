/**
 * `/api/v2/tenants/settings`, `/api/v2/branding`, `/api/v2/custom-domains` and `/api/v2/organizations/{id}`.
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
 * Shows the tenant's name and brand, and the brand of its organizations, read-only.
 *
 * @param state - The tenant.
 * @see https://auth0.com/docs/api/management/v2/tenants/tenant-settings-route
 * @see https://auth0.com/docs/api/management/v2/branding/get-branding
 * @see https://auth0.com/docs/api/management/v2/branding/get-default-branding-theme
 * @see https://auth0.com/docs/api/management/v2/custom-domains/get-custom-domains
 * @see https://auth0.com/docs/api/management/v2/organizations/get-organizations-by-id
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

  app.get('/api/v2/organizations/:id', (context) => {
    requireScope(context.get('caller'), ['read:organizations'])
    const found = state.brand.organizations.find(({ id }) => id === context.req.param('id'))
    if (!found)
      throw new ManagementRefusal(404, 'No organization found by that id or name', 'inexistent_organization')
    const { id, name, display_name, branding } = found
    return context.json({ id, name, display_name: display_name ?? name, ...(branding && { branding }) })
  })

  return app
}
