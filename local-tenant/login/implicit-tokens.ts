/**
 * The tokens of the implicit grant. The application receives them in the authorization response, without a code.
 * @module
 */

import type { Grant, StoredUser } from '../model'
import type { TenantState } from '../state'
import { accessToken } from './access-token'
import { idToken } from './id-token'

/** Lifetime, in seconds, of an access token that is sent through the browser. */
const BROWSER_TOKEN_SECONDS = 7_200

/**
 * Signs the tokens that an authorization request asked for. A refresh token is never among them.
 *
 * @param state - The tenant.
 * @param grant - What was granted.
 * @param user - The user that the tokens are about.
 * @param responseTypes - `token`, `id_token` or both.
 * @returns The parameters of the authorization response, without `state`.
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#ImplicitAuthResponse OpenID Connect Core section 3.2.2.5}
 * @see https://auth0.com/docs/secure/tokens/access-tokens
 */
export async function implicitTokens(
  state: TenantState,
  grant: Grant,
  user: StoredUser,
  responseTypes: string[],
): Promise<Record<string, string>> {
  const granted = { ...grant, scopes: grant.scopes.filter((scope) => scope !== 'offline_access') }
  const access = responseTypes.includes('token')
    ? await accessToken(state, granted, BROWSER_TOKEN_SECONDS)
    : undefined
  const id = responseTypes.includes('id_token') ? await idToken(state, granted, user, access) : undefined
  return {
    ...(access !== undefined && {
      access_token: access,
      scope: granted.scopes.join(' '),
      expires_in: String(BROWSER_TOKEN_SECONDS),
      token_type: 'Bearer',
    }),
    ...(id !== undefined && { id_token: id }),
  }
}
