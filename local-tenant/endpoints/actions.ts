/**
 * `/api/v2/actions/actions`.
 * @module
 */
import { randomUUID } from 'node:crypto'
import { Hono } from 'hono'
import { z } from 'zod'
import { actionDate } from '../actions/action-date'
import { advance, startBuild } from '../actions/action-states'
import type { StoredAction } from '../actions/stored-action'
import {
  ActionChange,
  changeAction,
  NewAction,
  requireAction,
  toManagementAction,
} from '../management/management-action'
import { type ManagementEnv, requireScope } from '../management/management-auth'
import { ManagementRefusal, parsePart } from '../management/management-errors'
import { OffsetQuery, offsetPage, withoutZeros } from '../management/offset-page'
import { readPayload } from '../management/payload'
import type { TenantState } from '../state'

const Flag = z.enum(['true', 'false']).optional()

const ListQuery = z.strictObject({
  ...OffsetQuery,
  triggerId: z.string().optional(),
  actionName: z.string().optional(),
  deployed: Flag,
  installed: Flag,
})

const DeleteQuery = z.strictObject({ force: Flag })

/**
 * Reads, creates, changes and deletes Actions. The next read of a created or changed draft finds it built, unless the option
 * `action_states` says otherwise. A draft can be deployed only after it is built.
 *
 * @see https://auth0.com/docs/api/management/v2/actions
 */
export function actions(state: TenantState): Hono<ManagementEnv> {
  const app = new Hono<ManagementEnv>()
  const now = () => actionDate(state.now())

  app.get('/api/v2/actions/actions', (context) => {
    requireScope(context.get('caller'), ['read:actions'])
    const query = parsePart(ListQuery, context.req.query(), 'Query')
    const found = [...state.actions.values()]
      .filter(({ name }) => query.actionName === undefined || name === query.actionName)
      .filter(
        ({ supported_triggers: triggers }) =>
          query.triggerId === undefined || triggers.some(({ id }) => id === query.triggerId),
      )
      .filter(({ deployed }) => query.deployed === undefined || String(!!deployed) === query.deployed)
      .filter(() => query.installed !== 'true')
    const { items, limit } = offsetPage(found, query, 20)
    for (const action of items) advance(action, now())
    const actions = items.map(toManagementAction)
    return context.json(withoutZeros({ actions }, found.length, { ...query, per_page: limit }))
  })

  app.get('/api/v2/actions/actions/:id', (context) => {
    requireScope(context.get('caller'), ['read:actions'])
    const action = requireAction(state, context.req.param('id'))
    advance(action, now())
    return context.json(toManagementAction(action))
  })

  app.post('/api/v2/actions/actions', async (context) => {
    requireScope(context.get('caller'), ['create:actions'])
    const input = parsePart(NewAction, await readPayload(context.req), 'Payload')
    refuseTakenName(state, input.name)
    const action: StoredAction = {
      id: randomUUID(),
      name: input.name,
      code: '',
      runtime: 'node22',
      dependencies: [],
      supported_triggers: input.supported_triggers,
      secrets: [],
      status: 'pending',
      created_at: now(),
      updated_at: now(),
      versions: [],
      has_changes: true,
    }
    changeAction(action, input, now())
    startBuild(action, state.options.action_states.build)
    state.actions.set(action.id, action)
    context.set('effect', 'create')
    return context.json(toManagementAction(action), 201)
  })

  app.patch('/api/v2/actions/actions/:id', async (context) => {
    requireScope(context.get('caller'), ['update:actions'])
    const action = requireAction(state, context.req.param('id'))
    const change = parsePart(ActionChange, await readPayload(context.req), 'Payload')
    if (change.name !== undefined && change.name !== action.name) refuseTakenName(state, change.name)
    changeAction(action, change, now())
    startBuild(action, state.options.action_states.build)
    context.set('effect', 'patch')
    return context.json(toManagementAction(action))
  })

  app.delete('/api/v2/actions/actions/:id', (context) => {
    requireScope(context.get('caller'), ['delete:actions'])
    const { force } = parsePart(DeleteQuery, context.req.query(), 'Query')
    const { id } = requireAction(state, context.req.param('id'))
    const isBound = state.bindings.some((binding) => binding.action_id === id)
    if (isBound && force !== 'true')
      throw new ManagementRefusal(409, 'Unable to delete an action bound to a trigger.')
    state.bindings = state.bindings.filter((binding) => binding.action_id !== id)
    state.actions.delete(id)
    context.set('effect', 'delete')
    return context.body(null, 204)
  })

  return app
}

function refuseTakenName(state: TenantState, name: string): void {
  if ([...state.actions.values()].some((action) => action.name === name))
    throw new ManagementRefusal(409, 'An action with the same name already exists.')
}
