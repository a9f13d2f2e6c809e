import { z } from 'zod'
import { parsePart } from './management-errors'
import { ofFormat } from './validation-message'

/** A user id in a request. */
export const UserIdText = ofFormat('user-id', (text) => /^[^|]+\|.+$/s.test(text))

/** The id of a connection in a body. */
export const ConnectionId = ofFormat('connection-id', (text) => /^con_[A-Za-z0-9]{16}$/.test(text))

const UserId = z.strictObject({ id: UserIdText })

/**
 * Reads the user id in a path.
 *
 * @param id - The id, percent-decoded.
 * @throws {ManagementRefusal} 400 `invalid_uri` if it is not of the form `provider|id`.
 * @see https://auth0.com/docs/manage-users/user-accounts/identify-users
 */
export function parseUserId(id: string): string {
  return parsePart(UserId, { id }, 'Path').id
}
