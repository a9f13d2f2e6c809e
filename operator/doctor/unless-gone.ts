import { ManagementError } from 'auth0'
import { OperatorError } from '../shared/operator-error'

/**
 * Waits for a call that may be for something that is not there.
 *
 * @param call - As `attempt` makes it.
 * @returns Undefined where the tenant answers 404 or 410.
 * @throws {OperatorError} As the call does otherwise.
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
