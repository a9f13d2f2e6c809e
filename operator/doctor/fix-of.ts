import { ManagementError } from 'auth0'
import type { OperatorError } from '../shared/operator-error'

/** Matches the error codes and the message with which Auth0 refuses access to a removed feature. */
const REMOVED_FEATURE = /^(rules|hooks|rules_configs)_not_allowed$|deprecated feature/i

/**
 * Says what to do if something could not be read.
 *
 * @param error - The error from reading it.
 * @param forScope - What to do if a scope is missing.
 * @returns A sentence.
 */
export function fixOf(error: OperatorError, forScope: string): string {
  if (error.code === 'missing_scope') return forScope
  if (error.code !== 'feature_unavailable') return 'Run the command again.'
  return isRemoved(error)
    ? 'Nothing to do: the tenant no longer has this feature, and no scope brings it back.'
    : "No scope helps: check whether the tenant's plan includes the feature. If it does not, there is nothing to check."
}

function isRemoved({ cause, message }: OperatorError): boolean {
  const { errorCode = '' } = (cause instanceof ManagementError ? (cause.body ?? {}) : {}) as {
    errorCode?: string
  }
  return REMOVED_FEATURE.test(errorCode) || REMOVED_FEATURE.test(message)
}
