/**
 * Exports the tenant's state as world JSON, the description of a tenant (see `world.ts`).
 * @module
 */
import type { TenantState } from '../state'
import type { World } from './world'
import { exportedRights } from './world-rights'

/**
 * Returns world JSON with which a reset restores users (including passwords), connections, Rules, roles, brand and options.
 * It also contains the sessions, which a reset ignores. Clients, APIs and Actions are not part of a world.
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
