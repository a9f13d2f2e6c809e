import { ManagementError } from 'auth0'
import type { OperatorError } from '../shared/operator-error'

/** How Auth0 refuses what it has taken out of a tenant: its codes for it, and its sentence. */
const REMOVED = /^(rules|hooks|rules_configs)_not_allowed$|deprecated feature/i

/**
 * What to do about something that could not be read.
 *
 * @param error - What reading it failed with.
 * @param forScope - What to do if a scope is missing.
 * @returns A sentence.
 */
export function fixOf(error: OperatorError, forScope: string): string {
  if (error.code === 'missing_scope') return forScope
  if (error.code !== 'feature_unavailable') return 'Run the command again.'
  return isRemoved(error)
    ? 'Nothing: the tenant does not have this feature any more, and no scope brings it back.'
    : "No scope helps: compare the feature with the tenant's plan. If the plan does not include it, there is nothing to look at."
}

function isRemoved({ cause, message }: OperatorError): boolean {
  const { errorCode = '' } = (cause instanceof ManagementError ? (cause.body ?? {}) : {}) as {
    errorCode?: string
  }
  return REMOVED.test(errorCode) || REMOVED.test(message)
}
