/**
 * The tenant's state in the world shape.
 * @module
 */
import type { TenantState } from '../state'
import type { World } from './world'

/**
 * Everything a reset would take to come back here, passwords included, and the sessions beside it.
 *
 * @param state - The tenant; what is returned shares nothing with it.
 */
export function exportWorld(state: TenantState): Required<World> {
  return structuredClone({
    users: [...state.users.values()].map(({ user_metadata_cleared: _cleared, ...user }) => user),
    connections: state.connections,
    rules: state.rules,
    options: state.options,
    sessions: [...state.sessions.values()],
  })
}
