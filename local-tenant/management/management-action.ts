/**
 * Actions in the form that the Management API shows and accepts.
 * @module
 */
import { z } from 'zod'
import type { StoredAction, StoredActionSecret, StoredActionVersion } from '../actions/stored-action'
import type { TenantState } from '../state'
import { ManagementRefusal } from './management-errors'

/** How many secrets an Action can have. */
const MOST_SECRETS = 30
const MOST_CODE = 100_000

const Trigger = z.object({ id: z.literal('post-login'), version: z.string().optional() })

const SupportedTriggers = z
  .array(Trigger)
  .min(1)
  .max(1)
  .describe(
    'The list of triggers that this action supports. At this time, an action can only target a single trigger at a time.',
  )

const fields = {
  code: z.string().max(MOST_CODE).describe('The source code of the action.').optional(),
  runtime: z
    .enum(['node12', 'node16', 'node18', 'node18-actions', 'node22'])
    .describe('The Node runtime. For example: `node22`, defaults to `node22`')
    .optional(),
  dependencies: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        version: z.string().min(1),
        registry_url: z.string().optional(),
      }),
    )
    .describe('The list of third party npm modules, and their versions, that this action depends on.')
    .optional(),
  secrets: z
    // Other properties are ignored, for example the date that a list of secrets shows.
    .array(z.object({ name: z.string().min(1).max(128), value: z.string().max(4096).optional() }))
    .max(MOST_SECRETS)
    .describe('The list of secrets that are included in an action or a version of an action.')
    .optional(),
}

/** The body of `POST /actions/actions`. */
export const NewAction = z.strictObject({
  ...fields,
  name: z.string().min(1).describe('The name of an action.'),
  supported_triggers: SupportedTriggers,
})

/** The body of `PATCH /actions/actions/{id}`. */
export const ActionChange = z.strictObject({
  ...fields,
  name: z.string().min(1).describe('The name of an action.').optional(),
  supported_triggers: SupportedTriggers.optional(),
})

/**
 * Applies a change to the draft of an Action; logins still run the deployed version. The list of secrets is replaced as a
 * whole, but a secret that is sent without a value keeps its value. Existing secrets come before new ones, in their previous
 * order.
 *
 * @param action - Changed in place.
 * @param change - The body.
 * @param now - ISO date.
 * @see https://auth0.com/docs/api/management/v2/actions/patch-action
 */
export function changeAction(action: StoredAction, change: z.output<typeof ActionChange>, now: string): void {
  const { secrets, ...rest } = change
  Object.assign(action, Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)))
  if (secrets) {
    const present = action.secrets
    action.secrets = secrets
      .map((secret) => toStoredSecret(secret, present, now))
      .toSorted((one, other) => placeOf(one, present) - placeOf(other, present))
  }
  action.has_changes = true
  action.updated_at = now
  if (action.deployment) action.deployment.is_of_draft = false
}

function placeOf({ name }: StoredActionSecret, present: StoredActionSecret[]): number {
  const place = present.findIndex((secret) => secret.name === name)
  return place === -1 ? present.length : place
}

function toStoredSecret(
  { name, value }: { name: string; value?: string | undefined },
  present: StoredActionSecret[],
  now: string,
): StoredActionSecret {
  if (value !== undefined) return { name, value, updated_at: now }
  return present.find((secret) => secret.name === name) ?? { name, updated_at: now }
}

/** Returns an Action in the form of `GET /actions/actions/{id}`: secrets without values. */
export function toManagementAction(action: StoredAction): Record<string, unknown> {
  const { code, dependencies, runtime, status, deployed, has_changes: hasChanges } = action
  return {
    ...toActionInBinding(action),
    all_changes_deployed: deployed !== undefined && !hasChanges,
    code,
    dependencies,
    runtime,
    status,
    secrets: withoutValues(action.secrets),
  }
}

/** Returns an Action in the form that a binding shows: with its versions, and without the draft's code. */
export function toActionInBinding(action: StoredAction): Record<string, unknown> {
  const { deployed } = action
  const current = action.versions.at(-1)
  return {
    ...toActionOfVersion(action),
    ...(current && { current_version: toCurrentVersion(current) }),
    ...(deployed && { deployed_version: toManagementVersion(action, deployed) }),
  }
}

/** Returns an Action in the form that its versions show. As at Auth0, `all_changes_deployed` is always false there. */
export function toActionOfVersion(action: StoredAction): Record<string, unknown> {
  const { id, name, supported_triggers, created_at, updated_at } = action
  return { id, name, supported_triggers, created_at, updated_at, all_changes_deployed: false }
}

/** Returns the latest version in the form that its Action shows, with the state in capitals, as at Auth0. */
function toCurrentVersion({ id, code, runtime, status, number, created_at, built_at }: StoredActionVersion) {
  return {
    id,
    code,
    runtime,
    status: status.toUpperCase(),
    number,
    ...(built_at !== undefined && { build_time: built_at }),
    created_at,
    updated_at: built_at ?? created_at,
  }
}

/** Returns a version in the form that an Action and `GET /actions/actions/{id}/versions/{version}` show. */
export function toManagementVersion(
  action: StoredAction,
  version: StoredActionVersion,
): Record<string, unknown> {
  const { file: _file, ...shown } = version
  return {
    ...shown,
    secrets: withoutValues(version.secrets),
    deployed: action.deployed?.id === version.id,
    updated_at: version.built_at ?? version.created_at,
  }
}

/**
 * Finds an Action.
 *
 * @throws {ManagementRefusal} 404.
 */
export function requireAction(state: TenantState, id: string): StoredAction {
  const action = state.actions.get(id)
  if (!action) throw new ManagementRefusal(404, 'That action does not exist.')
  return action
}

const withoutValues = (secrets: StoredActionSecret[]) => secrets.map(({ value: _value, ...shown }) => shown)
