/**
 * `POST /_tenant/fill`: adds made-up users to a running tenant.
 * @module
 */
import type { TenantState } from '../state'
import { type Fill, type FillCounts, makeUsers } from '../world/fill'
import { WAY_CONNECTIONS } from '../world/fill-user'
import { toStoredConnection } from '../world/world-connection'

/**
 * Adds made-up users, and creates the connections that these users need and the tenant does not have yet. The inspector
 * (`/_tenant/`) does not list them as changes since the reset.
 *
 * @param state - The tenant.
 * @param input - How many users, of which kinds, and the seed.
 * @returns How many users were added, and how many duplicates are among them.
 * @throws {Error} If the kinds need more users than asked for, or if the seed was used since the last reset. Nothing is
 *   changed then.
 */
export function fillWorld(state: TenantState, input: Fill): FillCounts {
  const { users, counts } = makeUsers(input)
  if (users.some(({ user_id: id }) => state.users.has(id))) {
    throw new Error(`seed: ${input.seed} has been used since the last reset`)
  }
  const names = state.connections.map(({ name }) => name)
  const missing = Object.values(WAY_CONNECTIONS).filter(({ name }) => !names.includes(name))
  state.connections.push(...missing.map(toStoredConnection))
  for (const user of users) state.users.set(user.user_id, user)
  return counts
}
