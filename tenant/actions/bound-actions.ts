/**
 * The Actions of the post-login trigger.
 * @module
 */
import { basename } from 'node:path'
import type { TenantState } from '../state'
import { actionDate } from './action-date'
import type { ActionRun } from './action-protocol'
import { goOn } from './action-states'
import type { StoredAction, StoredBinding } from './stored-action'

/** An Action that runs at login. */
export interface BoundAction extends Pick<ActionRun, 'file' | 'code'> {
  name: string
  secrets: Record<string, string>
}

/**
 * What runs at a login, in order: the deployed version of each Action that is bound.
 *
 * @param state - The tenant.
 */
export function boundActions(state: TenantState): BoundAction[] {
  return state.bindings.flatMap((binding) => {
    const action = state.actions.get(binding.action_id)
    if (action) goOn(action, actionDate(state.now()))
    const version = action?.deployed
    if (!action || !version) return []
    if (version.file !== undefined)
      return [{ name: basename(version.file), file: version.file, secrets: state.actionSecrets() }]
    const secrets = version.secrets.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]]))
    return [{ name: action.name, file: version.id, code: version.code, secrets: Object.fromEntries(secrets) }]
  })
}

/**
 * The Actions that a tenant is started with, deployed and bound.
 *
 * @param files - Absolute paths, in order.
 * @param now - ISO date.
 */
export function startedActions(
  files: string[],
  now: string,
): { actions: StoredAction[]; bindings: StoredBinding[] } {
  const actions = files.map((file, index): StoredAction => {
    const source = {
      code: `// ${file}`,
      file,
      runtime: 'node22',
      dependencies: [],
      supported_triggers: [{ id: 'post-login', version: 'v3' }],
      secrets: [],
    }
    const version = {
      ...source,
      id: `version-${index}`,
      number: 1,
      status: 'built' as const,
      created_at: now,
      built_at: now,
    }
    return {
      ...source,
      id: `action-${index}`,
      name: basename(file).replace(/\.\w+$/, ''),
      status: 'built',
      created_at: now,
      updated_at: now,
      versions: [version],
      deployed: version,
      has_changes: false,
    }
  })
  const bindings = actions.map(({ id, name }, index) => ({
    id: `binding-${index}`,
    display_name: name,
    action_id: id,
    created_at: now,
  }))
  return { actions, bindings }
}
