/**
 * What tokens and `/userinfo` say about a user.
 * @module
 */
import { computedProfile } from '../management/management-user'
import type { StoredUser } from '../model'

/**
 * The standard claims a scope opens.
 *
 * @param stored - The user.
 * @param scopes - `profile` and `email` count.
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#ScopeClaims OpenID Connect Core section 5.4}
 */
export function userClaims(stored: StoredUser, scopes: string[]): Record<string, unknown> {
  const user = { ...computedProfile(stored), ...stored }
  return {
    ...(scopes.includes('profile') && {
      name: user.name,
      nickname: user.nickname,
      given_name: user.given_name,
      family_name: user.family_name,
      picture: user.picture,
      updated_at: user.updated_at,
    }),
    ...(scopes.includes('email') &&
      user.email !== undefined && { email: user.email, email_verified: user.email_verified ?? false }),
    ...(scopes.includes('phone') && {
      phone_number: user.phone_number,
      phone_verified: user.phone_verified,
    }),
  }
}
