import { basename } from 'node:path'
import type { StoredAction, StoredBinding } from './stored-action'

/**
 * Returns the Actions that a tenant starts with, already deployed and bound to the trigger.
 *
 * @param files - Absolute paths of the Actions, in order.
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
