/**
 * `/api/v2/connections/{id}/scim-configuration` and `/api/v2/connections/{id}/directory-provisioning`.
 * @module
 */
import { Hono } from 'hono'
import { type ManagementEnv, requireScope } from '../management/management-auth'
import { requireConnection } from '../management/management-connection'
import { ManagementRefusal } from '../management/management-errors'
import type { StoredConnection } from '../model'
import type { TenantState } from '../state'

/** The date of every configuration, because the world JSON (`world/world.ts`) sets none. */
const CREATED = '2025-01-15T09:00:00.000Z'

/**
 * Shows how users of a connection are provisioned, by SCIM or from a directory. Responds with 404 if they are not
 * provisioned. Read-only.
 *
 * @see https://auth0.com/docs/api/management/v2/connections/get-scim-configuration
 * @see https://auth0.com/docs/api/management/v2/connections/get-directory-provisioning
 */
export function provisioning(state: TenantState): Hono<ManagementEnv> {
  const app = new Hono<ManagementEnv>()

  app.get('/api/v2/connections/:id/scim-configuration', (context) => {
    requireScope(context.get('caller'), ['read:scim_config'])
    const connection = requireConnection(state, context.req.param('id'))
    const { scim_configuration: given } = connection
    if (!given) throw new ManagementRefusal(404, 'Not Found')
    return context.json({
      ...namesOf(connection),
      tenant_name: 'local-company',
      user_id_attribute: 'externalId',
      mapping: [],
      ...given,
      created_at: CREATED,
      updated_on: CREATED,
    })
  })

  app.get('/api/v2/connections/:id/directory-provisioning', (context) => {
    requireScope(context.get('caller'), ['read:directory_provisionings'])
    const connection = requireConnection(state, context.req.param('id'))
    const { directory_provisioning: given } = connection
    if (!given) throw new ManagementRefusal(404, 'Directory provisioning configuration not found')
    return context.json({
      ...namesOf(connection),
      mapping: [],
      synchronize_automatically: false,
      synchronize_groups: 'off',
      ...given,
      created_at: CREATED,
      updated_at: CREATED,
    })
  })

  return app
}

function namesOf({ id, name, strategy }: StoredConnection) {
  return { connection_id: id, connection_name: name, strategy }
}
