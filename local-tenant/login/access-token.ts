/**
 * Access tokens of users.
 * @module
 */
import type { Door, Grant } from '../model'
import type { TenantState } from '../state'

/** Seconds an access token lives that did not go through a browser. */
export const ACCESS_TOKEN_LIFE = 86_400

/** The Management API's scopes that a user may hold for themselves. */
const CURRENT_USER_SCOPES = [
  'read:current_user',
  'update:current_user_metadata',
  'update:current_user_identities',
]

const LOGIN_SCOPES = ['openid', 'profile', 'email', 'phone', 'address', 'offline_access']

/**
 * The scopes a user is given of those an application asks for.
 *
 * @param state - The tenant.
 * @param asked - The scopes asked for.
 * @param audience - The API the token is for.
 */
export function grantedScopes(state: TenantState, asked: string[], audience: string | undefined): string[] {
  const isManagement = audience !== undefined && state.managementAudiences().includes(audience)
  const known = isManagement ? [...LOGIN_SCOPES, ...CURRENT_USER_SCOPES] : LOGIN_SCOPES
  return [...new Set(asked)].filter((scope) => known.includes(scope))
}

/** The identifier of a door's `/userinfo`. */
export function userinfoAudience(door: Door): string {
  return `${door.issuer}userinfo`
}

/**
 * Signs the access token of a grant.
 *
 * @param state - The tenant.
 * @param grant - What was granted. Without an audience the token is for `/userinfo` only.
 * @param life - Seconds it is valid.
 */
export function accessToken(state: TenantState, grant: Grant, life = ACCESS_TOKEN_LIFE): Promise<string> {
  const issuedAt = Math.floor(state.now() / 1000)
  const userinfo = userinfoAudience(grant.door)
  const aud = grant.audience === undefined ? [userinfo] : [grant.audience, userinfo]
  return state.signer.sign({
    ...grant.accessTokenClaims,
    iss: grant.door.issuer,
    sub: grant.userId,
    aud,
    azp: grant.clientId,
    scope: grant.scopes.join(' '),
    iat: issuedAt,
    exp: issuedAt + life,
  })
}
