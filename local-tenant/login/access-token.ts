/**
 * Access tokens for users.
 * @module
 */
import { findResourceServer, scopesOf } from '../management/resource-server'
import type { Door, Grant } from '../model'
import type { TenantState } from '../state'
import { organizationClaims } from './organization'

/** Lifetime, in seconds, of an access token that is not sent through the browser. */
export const ACCESS_TOKEN_SECONDS = 86_400

/** The scopes of the Management API that a user can get for their own account. */
const CURRENT_USER_SCOPES = [
  'read:current_user',
  'update:current_user_metadata',
  'update:current_user_identities',
]

const LOGIN_SCOPES = ['openid', 'profile', 'email', 'phone', 'address', 'offline_access']

/**
 * Returns those of the requested scopes that a user's token gets.
 *
 * @param state - The tenant.
 * @param asked - The requested scopes.
 * @param audience - The API that the token is for.
 */
export function grantedScopes(state: TenantState, asked: string[], audience: string | undefined): string[] {
  const api = audience === undefined ? undefined : findResourceServer(state, audience)
  const known = [...LOGIN_SCOPES, ...(api?.is_system ? CURRENT_USER_SCOPES : scopesOf(api))]
  return [...new Set(asked)].filter((scope) => known.includes(scope))
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
 * @param life - The token's lifetime in seconds.
 */
export function accessToken(state: TenantState, grant: Grant, life = ACCESS_TOKEN_SECONDS): Promise<string> {
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
    iat: issuedAt,
    exp: issuedAt + life,
  })
}
