/**
 * Converts answers of the Management API to the shapes that plans use.
 * @module
 */
import { type Management, ManagementError } from 'auth0'
import type { ActualAction, ActualClient } from './actual'
import { OperatorError } from './operator-error'

/** What a failed call means to the operator. */
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
 * Whether a 403 is about a scope. Auth0 uses the same status, sometimes even with the code `insufficient_scope`, for
 * features that the tenant's plan does not include and for features that it has removed. It says "Insufficient scope"
 * only if a scope is missing.
 */
function isAboutScope(message: string, errorCode: string): boolean {
  if (/insufficient scope/i.test(message)) return true
  return message === '' && ['', 'insufficient_scope'].includes(errorCode)
}

/** An application as plans compare it, without its secret. */
export function toActualClient(client: Management.Client): ActualClient {
  const { client_id = '', name = '', client_metadata, client_secret: _secret, ...rest } = client
  const metadata = Object.entries(client_metadata ?? {}).map(([key, value]) => [key, String(value)])
  // Auth0 shows this field, but refuses it in a change.
  const { secret_encoded: _encoded, ...jwt } = rest.jwt_configuration ?? {}
  return { ...rest, jwt_configuration: jwt, client_id, name, client_metadata: Object.fromEntries(metadata) }
}

/** An Action as plans compare it. */
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
    // A version that is still being deployed is already listed, but logins do not run it.
    isDeployed: action.all_changes_deployed === true && action.deployed_version?.deployed !== false,
  }
}
