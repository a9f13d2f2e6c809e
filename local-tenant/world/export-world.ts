/**
 * Exports the tenant's state as world JSON.
 * @module
 */
import type { TenantState } from '../state'
import type { World } from './world'
import { exportedRights } from './world-rights'

/**
 * Returns world JSON that a reset can load to restore this state, including passwords. It also contains the sessions, which
 * a reset ignores.
 *
 * @param state - The tenant. The result is a copy.
 */
export function exportWorld(state: TenantState): World {
  return structuredClone({
    users: [...state.users.values()].map(({ user_metadata_cleared: _cleared, rights, ...user }) => ({
      ...user,
      ...exportedRights(rights),
    })),
    connections: state.connections,
    rules: state.rules,
    roles: state.roles,
    ...state.brand,
    options: state.options,
    sessions: [...state.sessions.values()],
  })
}
