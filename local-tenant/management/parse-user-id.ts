import { z } from 'zod'
import { parsePart } from './management-errors'
import { ofFormat } from './validation-message'

/** A user id, wherever a request holds one. */
export const UserIdText = ofFormat('user-id', (text) => /^[^|]+\|.+$/s.test(text))

/** The id of a connection, in a body. */
export const ConnectionId = ofFormat('connection-id', (text) => /^con_[A-Za-z0-9]{16}$/.test(text))

const UserId = z.strictObject({ id: UserIdText })

/**
 * Reads the user id in a path.
 *
 * @param id - Decoded.
 * @throws {ManagementRefusal} 400 `invalid_uri` for what is not `provider|id`.
 * @see https://auth0.com/docs/manage-users/user-accounts/identify-users
 */
export function parseUserId(id: string): string {
  return parsePart(UserId, { id }, 'Path').id
}
