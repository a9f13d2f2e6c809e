import { ManagementError } from 'auth0'
import { OperatorError } from '../shared/operator-error'

/**
 * Waits for a call whose subject may not exist.
 *
 * @param call - As `attempt` makes it.
 * @returns Undefined if the tenant answers 404 or 410.
 * @throws {OperatorError} If the call fails in another way.
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
