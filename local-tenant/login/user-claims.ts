/**
 * The claims that tokens and `/userinfo` contain about a user.
 * @module
 */
import { computedProfile } from '../management/management-user'
import type { StoredUser } from '../model'

/**
 * Returns the standard claims that the scopes allow.
 *
 * @param stored - The user.
 * @param scopes - The granted scopes. `profile`, `email` and `phone` add claims.
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
      typeof user.email === 'string' && { email: user.email, email_verified: user.email_verified ?? false }),
    ...(scopes.includes('phone') && {
      phone_number: user.phone_number,
      phone_verified: user.phone_verified,
    }),
  }
}
