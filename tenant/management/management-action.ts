/**
 * Actions as the Management API shows and takes them.
 * @module
 */
import { z } from 'zod'
import type {
  StoredAction,
  StoredActionSecret,
  StoredActionSource,
  StoredActionVersion,
} from '../actions/stored-action'
import type { TenantState } from '../state'
import { ManagementRefusal } from './management-errors'

/** The most secrets an Action may have. */
const MOST_SECRETS = 30
const MOST_CODE = 100_000

const Trigger = z.object({ id: z.literal('post-login'), version: z.string().optional() })

const fields = {
  code: z.string().max(MOST_CODE).optional(),
  runtime: z.enum(['node18', 'node18-actions', 'node22']).optional(),
  dependencies: z.array(z.object({ name: z.string().min(1), version: z.string().min(1) })).optional(),
  secrets: z
    .array(z.strictObject({ name: z.string().min(1).max(128), value: z.string().max(4096).optional() }))
    .max(MOST_SECRETS)
    .optional(),
}

/** The body of `POST /actions/actions`. */
export const NewAction = z.strictObject({
  ...fields,
  name: z.string().min(1),
  supported_triggers: z.array(Trigger).min(1).max(1),
})

/** The body of `PATCH /actions/actions/{id}`. */
export const ActionChange = z.strictObject({
  ...fields,
  name: z.string().min(1).optional(),
  supported_triggers: z.array(Trigger).min(1).max(1).optional(),
})

/**
 * Applies a change to the draft of an Action; logins go on with what is deployed. Secrets are replaced as a whole; one that
 * is sent without a value keeps the one it has.
 *
 * @param action - Changed in place.
 * @param change - The body.
 * @param now - ISO date.
 * @see https://auth0.com/docs/api/management/v2/actions/patch-action
 */
export function changeAction(action: StoredAction, change: z.output<typeof ActionChange>, now: string): void {
  const { secrets, ...rest } = change
  Object.assign(action, Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)))
  if (secrets) action.secrets = secrets.map((secret) => toStoredSecret(secret, action.secrets, now))
  action.status = 'pending'
  action.has_changes = true
  action.updated_at = now
}

function toStoredSecret(
  { name, value }: { name: string; value?: string | undefined },
  present: StoredActionSecret[],
  now: string,
): StoredActionSecret {
  if (value !== undefined) return { name, value, updated_at: now }
  return present.find((secret) => secret.name === name) ?? { name, updated_at: now }
}

/**
 * Deploys a source as a new version of an Action.
 *
 * @param action - Changed in place.
 * @param source - Its draft, or an earlier version.
 * @param id - Of the new version.
 * @param now - ISO date.
 */
export function deployAction(
  action: StoredAction,
  { code, runtime, dependencies, supported_triggers, secrets }: StoredActionSource,
  id: string,
  now: string,
): StoredActionVersion {
  const source = structuredClone({ code, runtime, dependencies, supported_triggers, secrets })
  const version = { ...source, id, number: action.versions.length + 1, created_at: now }
  action.versions.push(version)
  action.deployed = version
  return version
}

/** An Action as `GET /actions/actions/{id}` shows it: secrets by name. */
export function toManagementAction(action: StoredAction): Record<string, unknown> {
  const { versions: _versions, deployed, has_changes: hasChanges, file: _file, ...shown } = action
  return {
    ...shown,
    secrets: withoutValues(action.secrets),
    ...(deployed && { deployed_version: toManagementVersion(action, deployed) }),
    all_changes_deployed: deployed !== undefined && !hasChanges,
  }
}

/** A version as `GET /actions/actions/{id}/versions/{version}` shows it. */
export function toManagementVersion(
  action: StoredAction,
  version: StoredActionVersion,
): Record<string, unknown> {
  const { file: _file, ...shown } = version
  return {
    ...shown,
    action_id: action.id,
    secrets: withoutValues(version.secrets),
    deployed: action.deployed?.id === version.id,
    status: 'built',
    updated_at: version.created_at,
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
