import { decodeJwt } from 'jose'
import { requestToken } from '../../lib/auth0/request-token'
import { OperatorError } from './operator-error'
import { REQUIRED_SCOPES } from './scopes'
import type { Access } from './settings'
import { Tenant } from './tenant'
import type { Terminal } from './terminal'

/**
 * Creates a Management API client with the operator's credentials, and checks their scopes first.
 *
 * @throws {OperatorError} `tenant_unreachable`, `not_authorized`, or `missing_scope` with every missing scope.
 * @see {@link https://auth0.com/docs/secure/tokens/access-tokens/management-api-access-tokens Management API access
 * tokens}
 */
export async function connect(access: Access, terminal: Terminal): Promise<Tenant> {
  const token = await tokenFor(access)
  terminal.hide(token)
  const granted = scopesOf(token)
  const missing = REQUIRED_SCOPES.filter((scope) => !granted.includes(scope))
  if (missing.length > 0)
    throw new OperatorError('missing_scope', `The token lacks these scopes: ${missing.join(' ')}.`)
  return new Tenant(access.management.host, token)
}

/**
 * Gets a token for the Management API with the given credentials.
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
    `${management.host} issued no token (${answer.status}): check the client id, its secret and its grant for the Management API.`,
  )
}

function scopesOf(token: string): string[] {
  try {
    return String(decodeJwt(token).scope ?? '').split(' ')
  } catch {
    throw new OperatorError('not_authorized', 'AUTH0_PROVISION_TOKEN is not an access token.')
  }
}
