import type { StoredConnection } from '../model'
import type { TenantState } from '../state'
import { ManagementRefusal } from './management-errors'

/**
 * Finds a connection.
 *
 * @param id - The connection's id.
 * @throws {ManagementRefusal} 404.
 */
export function requireConnection(state: TenantState, id: string): StoredConnection {
  const connection = state.connections.find((each) => each.id === id)
  if (!connection) throw new ManagementRefusal(404, 'The connection does not exist', 'inexistent_connection')
  return connection
}
