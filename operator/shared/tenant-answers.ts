/**
 * Converts the Management API's responses to the types that plans use.
 * @module
 */
import { type Management, ManagementError } from 'auth0'
import type { ActualAction, ActualClient } from './actual'
import { OperatorError } from './operator-error'

/** Converts an API call's error to one that tells the operator what it means. */
export function toOperatorError(error: unknown): OperatorError {
  if (!(error instanceof ManagementError) || error.statusCode === undefined)
    return new OperatorError('tenant_unreachable', 'The tenant did not answer.', { cause: error })
  const { message = '', errorCode = '' } = (error.body ?? {}) as { message?: string; errorCode?: string }
  if (error.statusCode === 401) return new OperatorError('not_authorized', 'The tenant refused the token.')
  if (error.statusCode === 403) {
    const code = isAboutScope(message, errorCode) ? 'missing_scope' : 'feature_unavailable'
    return new OperatorError(code, message, { cause: error })
  }
  return new OperatorError(
    'management_failed',
    `The Management API answered ${error.statusCode}: ${message}`,
    { cause: error },
  )
}

/**
 * Whether a 403 is about a missing scope. Auth0 also sends 403, sometimes even with the code `insufficient_scope`, for
 * features that are not in the tenant's plan or that Auth0 has removed. Only for a missing scope does the message say
 * "Insufficient scope".
 */
function isAboutScope(message: string, errorCode: string): boolean {
  if (/insufficient scope/i.test(message)) return true
  return message === '' && ['', 'insufficient_scope'].includes(errorCode)
}

/** Converts an application for plans, without its secret. */
export function toActualClient(client: Management.Client): ActualClient {
  const { client_id = '', name = '', client_metadata, client_secret: _secret, ...rest } = client
  const metadata = Object.entries(client_metadata ?? {}).map(([key, value]) => [key, String(value)])
  // Auth0 returns `secret_encoded`, but refuses it in an update.
  const { secret_encoded: _encoded, ...jwt } = rest.jwt_configuration ?? {}
  return { ...rest, jwt_configuration: jwt, client_id, name, client_metadata: Object.fromEntries(metadata) }
}

/** Converts an Action for plans. */
export function toActualAction(action: Management.Action): ActualAction {
  const { id = '', name = '', code = '', runtime = '', dependencies = [], secrets = [] } = action
  return {
    id,
    name,
    code,
    runtime,
    dependencies: dependencies.map(({ name: of = '', version = '' }) => ({ name: of, version })),
    secrets: secrets.map(({ name: of = '' }) => of),
    deployedVersion: action.deployed_version?.id,
    // Auth0 already lists a version that is still being deployed, but logins do not run it yet.
    isDeployed: action.all_changes_deployed === true && action.deployed_version?.deployed !== false,
  }
}
