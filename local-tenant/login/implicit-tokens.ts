/**
 * The tokens of the implicit grant: handed to a script through the browser, without a code.
 * @module
 */

import type { Grant, StoredUser } from '../model'
import type { TenantState } from '../state'
import { accessToken } from './access-token'
import { idToken } from './id-token'

/** Seconds an access token lives that went through a browser. */
const BROWSER_TOKEN_LIFE = 7_200

/**
 * Signs the tokens an authorization request asked for. There is never a refresh token among them.
 *
 * @param state - The tenant.
 * @param grant - What was granted.
 * @param user - Who it is about.
 * @param responseTypes - `token`, `id_token` or both.
 * @returns The parameters of the answer, without `state`.
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
    ? await accessToken(state, granted, BROWSER_TOKEN_LIFE)
    : undefined
  const id = responseTypes.includes('id_token') ? await idToken(state, granted, user, access) : undefined
  return {
    ...(access !== undefined && {
      access_token: access,
      scope: granted.scopes.join(' '),
      expires_in: String(BROWSER_TOKEN_LIFE),
      token_type: 'Bearer',
    }),
    ...(id !== undefined && { id_token: id }),
  }
}
