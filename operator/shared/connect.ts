import { decodeJwt } from 'jose'
import { requestToken } from '../../lib/auth0/request-token'
import { OperatorError } from './operator-error'
import { REQUIRED_SCOPES } from './scopes'
import type { Access } from './settings'
import { Tenant } from './tenant'
import type { Terminal } from './terminal'

/**
 * Opens the Management API with the operator's right, once it is known to suffice.
 *
 * @throws {OperatorError} `tenant_unreachable`, `not_authorized`, or `missing_scope` with every scope that is missing.
 * @see {@link https://auth0.com/docs/secure/tokens/access-tokens/management-api-access-tokens Management API access tokens}
 */
export async function connect(access: Access, terminal: Terminal): Promise<Tenant> {
  const token = await tokenFor(access)
  terminal.hide(token)
  const granted = scopesOf(token)
  const missing = REQUIRED_SCOPES.filter((scope) => !granted.includes(scope))
  if (missing.length > 0)
    throw new OperatorError('missing_scope', `The token is not granted: ${missing.join(' ')}.`)
  return new Tenant(access.management.host, token)
}

/**
 * A token for the Management API, with the right that was given.
 *
 * @throws {OperatorError} `tenant_unreachable` or `not_authorized`.
 */
export async function tokenFor({ management, credentials }: Access): Promise<string> {
  if ('token' in credentials) return credentials.token
  const answer = await requestToken({
    name: 'provision',
    origin: management.origin,
    audience: `${management.origin}/api/v2/`,
    clientId: credentials.id,
    clientSecret: credentials.secret,
  })
  if ('token' in answer) return answer.token.value
  if (answer.failure === 'tenant_unreachable')
    throw new OperatorError('tenant_unreachable', `${management.host} did not answer.`)
  throw new OperatorError(
    'not_authorized',
    `${management.host} gave no token (${answer.status}): look at the client id, its secret and its grant for the Management API.`,
  )
}

function scopesOf(token: string): string[] {
  try {
    return String(decodeJwt(token).scope ?? '').split(' ')
  } catch {
    throw new OperatorError('not_authorized', 'AUTH0_PROVISION_TOKEN is no access token.')
  }
}
