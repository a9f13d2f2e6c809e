/**
 * `/api/v2/actions/actions/{id}/deploy` and `…/versions`.
 * @module
 */
import { randomUUID } from 'node:crypto'
import { Hono } from 'hono'
import { z } from 'zod'
import { actionDate } from '../actions/action-date'
import { advance, beginDeployment } from '../actions/action-states'
import { deploymentWarnings } from '../actions/deployment-warnings'
import type { StoredAction, StoredActionVersion } from '../actions/stored-action'
import { requireAction, toActionOfVersion, toManagementVersion } from '../management/management-action'
import { type ManagementEnv, requireScope } from '../management/management-auth'
import { ManagementRefusal, parsePart } from '../management/management-errors'
import { OffsetQuery, offsetPage, withoutZeros } from '../management/offset-page'
import { readPayload } from '../management/payload'
import type { TenantState } from '../state'

const VersionDeployment = z.strictObject({ update_draft: z.boolean().optional() })

/**
 * Deploys Actions, and deploys earlier versions again. The response is sent before the deployment is complete: a later read
 * shows the version as deployed, and logins run it from then on if its Action is bound.
 *
 * @see https://auth0.com/docs/api/management/v2/actions/post-deploy-action
 * @see https://auth0.com/docs/api/management/v2/actions/post-deploy-draft-version
 */
export function actionVersions(state: TenantState): Hono<ManagementEnv> {
  const app = new Hono<ManagementEnv>()
  const now = () => actionDate(state.now())

  /** Shows warnings in the inspector and on standard error. */
  const warn = ({ name }: StoredAction, version: StoredActionVersion) => {
    for (const line of deploymentWarnings(version)) {
      const at = new Date(state.now()).toISOString()
      state.logAction({ at, action: name, handler: 'deployment', user_id: '', line })
      console.warn(`Action "${name}": ${line}`)
    }
  }

  app.post('/api/v2/actions/actions/:id/deploy', (context) => {
    requireScope(context.get('caller'), ['create:actions'])
    const action = requireAction(state, context.req.param('id'))
    if (action.status !== 'built') {
      const message = "A draft must be in the 'built' state before it can be deployed."
      throw new ManagementRefusal(400, message)
    }
    const version = beginDeployment(action, action, {
      id: randomUUID(),
      now: now(),
      states: state.options.action_states.deployment,
      isOfDraft: true,
    })
    warn(action, version)
    context.set('effect', 'create')
    return context.json(shown(action, version))
  })

  app.get('/api/v2/actions/actions/:id/versions', (context) => {
    requireScope(context.get('caller'), ['read:actions'])
    const query = parsePart(z.strictObject(OffsetQuery), context.req.query(), 'Query')
    const action = requireAction(state, context.req.param('id'))
    advance(action, now())
    const { items, limit } = offsetPage([...action.versions].reverse(), query, 20)
    const versions = items.map((version) => shown(action, version))
    return context.json(withoutZeros({ versions }, action.versions.length, { ...query, per_page: limit }))
  })

  app.get('/api/v2/actions/actions/:id/versions/:version', (context) => {
    requireScope(context.get('caller'), ['read:actions'])
    const action = requireAction(state, context.req.param('id'))
    advance(action, now())
    return context.json(shown(action, requireVersion(action, context.req.param('version'))))
  })

  app.post('/api/v2/actions/actions/:id/versions/:version/deploy', async (context) => {
    requireScope(context.get('caller'), ['create:actions'])
    const action = requireAction(state, context.req.param('id'))
    const earlier = requireVersion(action, context.req.param('version'))
    const body = (await context.req.text()) === '' ? {} : await readPayload(context.req)
    const { update_draft: updatesDraft } = parsePart(VersionDeployment, body, 'Payload')
    if (updatesDraft) {
      const { code, runtime, dependencies, secrets } = structuredClone(earlier)
      Object.assign(action, { code, runtime, dependencies, secrets, has_changes: true, updated_at: now() })
    }
    const version = beginDeployment(action, earlier, {
      id: randomUUID(),
      now: now(),
      states: state.options.action_states.deployment,
      isOfDraft: updatesDraft === true,
    })
    warn(action, version)
    context.set('effect', 'create')
    return context.json(shown(action, version))
  })

  return app
}

/** Returns a version in the form of `GET …/versions/{version}`, with its Action. */
const shown = (action: StoredAction, version: StoredActionVersion) => ({
  ...toManagementVersion(action, version),
  action: toActionOfVersion(action),
})

function requireVersion(action: StoredAction, id: string): StoredActionVersion {
  const version = action.versions.find((each) => each.id === id)
  if (!version) throw new ManagementRefusal(404, 'That action version does not exist.')
  return version
}
