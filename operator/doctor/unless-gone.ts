import { ManagementError } from 'auth0'
import { OperatorError } from '../shared/operator-error'

/**
 * Waits for an API call about something that may not exist.
 *
 * @param call - A promise from `callTenant`.
 * @returns Undefined if the tenant responds with 404 or 410.
 * @throws {OperatorError} If the API call fails in another way.
 */
export async function unlessGone<Answer>(call: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await call
  } catch (error) {
    const cause = error instanceof OperatorError ? error.cause : undefined
    if (cause instanceof ManagementError && [404, 410].includes(cause.statusCode ?? 0)) return undefined
    throw error
  }
}
