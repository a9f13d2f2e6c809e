/**
 * The Actions that are bound to the post-login trigger.
 * @module
 */
import { basename } from 'node:path'
import type { TenantState } from '../state'
import { actionDate } from './action-date'
import type { ActionRun } from './action-protocol'
import { advance } from './action-states'

/** An Action that runs at login. */
export interface BoundAction extends Pick<ActionRun, 'file' | 'code'> {
  name: string
  secrets: Record<string, string>
}

/**
 * Returns what a login runs: the deployed version of each bound Action, in the order of the bindings. Like a read by a
 * client, this advances each Action by one state.
 *
 * @param state - The tenant.
 */
export function boundActions(state: TenantState): BoundAction[] {
  return state.bindings.flatMap((binding) => {
    const action = state.actions.get(binding.action_id)
    if (action) advance(action, actionDate(state.now()))
    const version = action?.deployed
    if (!action || !version) return []
    if (version.file !== undefined)
      return [{ name: basename(version.file), file: version.file, secrets: state.actionSecrets() }]
    const secrets = version.secrets.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]]))
    return [{ name: action.name, file: version.id, code: version.code, secrets: Object.fromEntries(secrets) }]
  })
}
