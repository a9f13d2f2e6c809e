import { z } from 'zod'
import { parsePart } from './management-errors'

/** A user id, wherever a request holds one. */
export const UserIdText = z.string().regex(/^[^|]+\|.+$/s, {
  error: ({ input }) => `Object didn't pass validation for format user-id: ${input}`,
})

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
