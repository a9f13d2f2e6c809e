/**
 * `/api/v2/actions/actions/{id}/deploy` and `…/versions`.
 * @module
 */
import { randomUUID } from 'node:crypto'
import { Hono } from 'hono'
import { z } from 'zod'
import type { StoredAction, StoredActionVersion } from '../actions/stored-action'
import {
  deployAction,
  requireAction,
  toManagementAction,
  toManagementVersion,
} from '../management/management-action'
import { type ManagementEnv, requireScope } from '../management/management-auth'
import { ManagementRefusal, parsePart } from '../management/management-errors'
import { OffsetQuery, offsetPage } from '../management/offset-page'
import { readPayload } from '../management/payload'
import type { TenantState } from '../state'

const VersionDeployment = z.strictObject({ update_draft: z.boolean().optional() })

/**
 * Deploying Actions, and going back to earlier versions. A deployed version is run from the next login on where its Action is
 * bound.
 *
 * @see https://auth0.com/docs/api/management/v2/actions/post-deploy-action
 * @see https://auth0.com/docs/api/management/v2/actions/post-deploy-draft-version
 */
export function actionVersions(state: TenantState): Hono<ManagementEnv> {
  const app = new Hono<ManagementEnv>()
  const now = () => new Date(state.now()).toISOString()

  app.post('/api/v2/actions/actions/:id/deploy', (context) => {
    requireScope(context.get('caller'), ['create:actions'])
    const action = requireAction(state, context.req.param('id'))
    if (action.status !== 'built') {
      const message = `Action must be in the 'built' state to be deployed; it is '${action.status}'.`
      throw new ManagementRefusal(400, message)
    }
    const version = deployAction(action, action, randomUUID(), now())
    action.has_changes = false
    context.set('effect', 'create')
    return context.json({ ...toManagementVersion(action, version), action: toManagementAction(action) })
  })

  app.get('/api/v2/actions/actions/:id/versions', (context) => {
    requireScope(context.get('caller'), ['read:actions'])
    const query = parsePart(z.strictObject(OffsetQuery), context.req.query(), 'Query')
    const action = requireAction(state, context.req.param('id'))
    const { items, limit } = offsetPage([...action.versions].reverse(), query, 20)
    return context.json({
      versions: items.map((version) => toManagementVersion(action, version)),
      total: action.versions.length,
      page: query.page ?? 0,
      per_page: limit,
    })
  })

  app.get('/api/v2/actions/actions/:id/versions/:version', (context) => {
    requireScope(context.get('caller'), ['read:actions'])
    const action = requireAction(state, context.req.param('id'))
    return context.json(toManagementVersion(action, requireVersion(action, context.req.param('version'))))
  })

  app.post('/api/v2/actions/actions/:id/versions/:version/deploy', async (context) => {
    requireScope(context.get('caller'), ['create:actions'])
    const action = requireAction(state, context.req.param('id'))
    const earlier = requireVersion(action, context.req.param('version'))
    const body = (await context.req.text()) === '' ? {} : await readPayload(context.req)
    const { update_draft: updatesDraft } = parsePart(VersionDeployment, body, 'Payload')
    if (updatesDraft) {
      const { code, runtime, dependencies, secrets } = structuredClone(earlier)
      Object.assign(action, { code, runtime, dependencies, secrets, has_changes: false, updated_at: now() })
    }
    const version = deployAction(action, earlier, randomUUID(), now())
    context.set('effect', 'create')
    return context.json(toManagementVersion(action, version))
  })

  return app
}

function requireVersion(action: StoredAction, id: string): StoredActionVersion {
  const version = action.versions.find((each) => each.id === id)
  if (!version) throw new ManagementRefusal(404, 'That action version does not exist.')
  return version
}
