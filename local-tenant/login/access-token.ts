/**
 * Access tokens for users.
 * @module
 */
import { findResourceServer, scopesOf } from '../management/resource-server'
import type { Door, Grant } from '../model'
import type { TenantState } from '../state'
import { organizationClaims } from './organization'

/** Lifetime, in seconds, of an access token that is not sent through the browser. */
const ACCESS_TOKEN_SECONDS = 86_400

/** The scopes of the Management API that a user can get for their own account. */
const CURRENT_USER_SCOPES = [
  'read:current_user',
  'update:current_user_metadata',
  'update:current_user_identities',
]

const LOGIN_SCOPES = ['openid', 'profile', 'email', 'phone', 'address', 'offline_access']

/**
 * Returns those of the requested scopes that a user's token gets. An API with `enforce_policies` grants only scopes that the
 * user has as permissions.
 *
 * @param state - The tenant.
 * @param userId - The user.
 * @param asked - The requested scopes.
 * @param audience - The API that the token is for. If undefined, only the scopes of OpenID Connect are granted.
 */
export function grantedScopes(
  state: TenantState,
  userId: string,
  asked: string[],
  audience: string | undefined,
): string[] {
  const api = audience === undefined ? undefined : findResourceServer(state, audience)
  const held = api?.enforce_policies ? permissionsFor(state, userId, api.identifier) : undefined
  const offered = scopesOf(api).filter((scope) => held?.includes(scope) ?? true)
  const known = [...LOGIN_SCOPES, ...(api?.is_system ? CURRENT_USER_SCOPES : offered)]
  return [...new Set(asked)].filter((scope) => known.includes(scope))
}

/** Returns the names of a user's permissions for an API. */
function permissionsFor(state: TenantState, userId: string, identifier: string): string[] {
  const permissions = state.users.get(userId)?.rights?.permissions ?? []
  return permissions
    .filter((held) => held.resource_server_identifier === identifier)
    .map((held) => held.permission_name)
}

/**
 * Returns the claim `permissions`: all of the user's permissions for the API, not only those among the requested scopes.
 * Only tokens for an API with RBAC (`enforce_policies`) and the token dialect `access_token_authz` have it.
 *
 * @see https://auth0.com/docs/get-started/apis/enable-role-based-access-control-for-apis
 */
function permissionClaims(state: TenantState, { audience, userId }: Grant): { permissions?: string[] } {
  const api = audience === undefined ? undefined : findResourceServer(state, audience)
  if (!api?.enforce_policies || api.token_dialect !== 'access_token_authz') return {}
  return { permissions: permissionsFor(state, userId, api.identifier) }
}

/** Returns the lifetime, in seconds, of an access token that is not sent through the browser. Its API can set it. */
export function accessTokenSeconds(state: TenantState, audience: string | undefined): number {
  const life = audience === undefined ? undefined : findResourceServer(state, audience)?.token_lifetime
  return typeof life === 'number' ? life : ACCESS_TOKEN_SECONDS
}

/** Returns the audience of `/userinfo` at one of the tenant's domains. */
export function userinfoAudience(door: Door): string {
  return `${door.issuer}userinfo`
}

/**
 * Signs the access token of a grant.
 *
 * @param state - The tenant.
 * @param grant - What was granted. Without an audience the token is for `/userinfo` only.
 * @param life - The token's lifetime in seconds; that of its API by default.
 */
export function accessToken(
  state: TenantState,
  grant: Grant,
  life = accessTokenSeconds(state, grant.audience),
): Promise<string> {
  const issuedAt = Math.floor(state.now() / 1000)
  const userinfo = userinfoAudience(grant.door)
  const aud = grant.audience === undefined ? [userinfo] : [grant.audience, userinfo]
  return state.signer.sign({
    ...grant.accessTokenClaims,
    iss: grant.door.issuer,
    sub: grant.userId,
    aud,
    azp: grant.clientId,
    ...organizationClaims(state, grant),
    scope: grant.scopes.join(' '),
    ...permissionClaims(state, grant),
    iat: issuedAt,
    exp: issuedAt + life,
  })
}
