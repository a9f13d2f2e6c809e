/**
 * `/api/v2/actions/triggers` and their bindings.
 * @module
 */
import { randomUUID } from 'node:crypto'
import { Hono } from 'hono'
import { z } from 'zod'
import { actionDate } from '../actions/action-date'
import { advanceIfOverdue } from '../actions/action-states'
import type { StoredAction, StoredBinding } from '../actions/stored-action'
import { toActionInBinding } from '../management/management-action'
import { type ManagementEnv, requireScope } from '../management/management-auth'
import { ManagementRefusal, parsePart } from '../management/management-errors'
import { OffsetQuery, offsetPage, withoutZeros } from '../management/offset-page'
import { readPayload } from '../management/payload'
import type { TenantState } from '../state'

/** How many Actions can be bound to one trigger. */
const MAX_BINDINGS = 20

const Bindings = z.strictObject({
  bindings: z
    .array(
      z.strictObject({
        ref: z.strictObject({
          type: z.enum(['binding_id', 'action_id', 'action_name']),
          value: z.string().min(1),
        }),
        display_name: z.string().min(1).optional(),
      }),
    )
    .max(MAX_BINDINGS)
    .describe(
      'The actions that will be bound to this trigger. The order in which they are included will be the order in which they are executed.',
    ),
})

/**
 * Shows the post-login trigger, the only one of this tenant, and reads and changes its bindings.
 *
 * @see https://auth0.com/docs/api/management/v2/actions/get-bindings
 * @see https://auth0.com/docs/api/management/v2/actions/patch-bindings
 */
export function triggers(state: TenantState): Hono<ManagementEnv> {
  const app = new Hono<ManagementEnv>()
  const path = '/api/v2/actions/triggers/:trigger/bindings'

  app.get('/api/v2/actions/triggers', (context) => {
    requireScope(context.get('caller'), ['read:actions'])
    const postLogin = {
      id: 'post-login',
      version: 'v3',
      status: 'CURRENT',
      runtimes: ['node18-actions', 'node22'],
      default_runtime: 'node22',
      binding_policy: 'trigger-bound',
      compatible_triggers: [{ id: 'post-login', version: 'v2' }],
    }
    return context.json({ triggers: [postLogin] })
  })

  app.get(path, (context) => {
    requireScope(context.get('caller'), ['read:actions'])
    const query = parsePart(z.strictObject(OffsetQuery), context.req.query(), 'Query')
    requirePostLogin(context.req.param('trigger'))
    const { items, limit } = offsetPage(state.bindings, query)
    const bindings = items.map((binding) => toManagementBinding(state, binding))
    return context.json(withoutZeros({ bindings }, state.bindings.length, { ...query, per_page: limit }))
  })

  app.patch(path, async (context) => {
    requireScope(context.get('caller'), ['update:actions'])
    requirePostLogin(context.req.param('trigger'))
    const { bindings } = parsePart(Bindings, await readPayload(context.req), 'Payload')
    const at = actionDate(state.now())
    state.bindings = bindings.map(({ ref, display_name: displayName }) => {
      const action = requireDeployed(state, ref)
      const present = state.bindings.find((binding) => binding.action_id === action.id)
      return {
        id: present?.id ?? randomUUID(),
        display_name: displayName ?? present?.display_name ?? action.name,
        action_id: action.id,
        created_at: present?.created_at ?? at,
      }
    })
    context.set('effect', 'patch')
    return context.json({ bindings: state.bindings.map((binding) => toManagementBinding(state, binding)) })
  })

  return app
}

function toManagementBinding(state: TenantState, binding: StoredBinding): Record<string, unknown> {
  const { action_id: id, ...shown } = binding
  const action = state.actions.get(id)
  return {
    ...shown,
    trigger_id: 'post-login',
    updated_at: binding.created_at,
    ...(action && { action: toActionInBinding(action) }),
  }
}

function requirePostLogin(trigger: string): void {
  if (trigger !== 'post-login') throw new ManagementRefusal(404, 'The trigger does not exist.')
}

function requireDeployed(state: TenantState, ref: { type: string; value: string }): StoredAction {
  const bound = state.bindings.find(({ id }) => ref.type === 'binding_id' && id === ref.value)?.action_id
  const action = [...state.actions.values()].find(
    ({ id, name }) => id === bound || (ref.type === 'action_name' ? name : id) === ref.value,
  )
  if (!action) throw new ManagementRefusal(400, `The action to bind does not exist: ${ref.value}`)
  advanceIfOverdue(action, state.now())
  if (!action.deployed) {
    const message = 'Trying to create a binding for an action that has not been deployed yet'
    throw new ManagementRefusal(400, message)
  }
  return action
}
