/**
 * The form of a link request in which an ID token (`link_with`), not `provider` and `user_id`, identifies the secondary
 * account.
 * @module
 */
import { decodeProtectedHeader } from 'jose'
import type { TenantState } from '../state'
import type { Caller } from './management-auth'
import { ManagementRefusal } from './management-errors'

/**
 * Verifies an ID token and returns the account that it identifies.
 *
 * @param state - The tenant.
 * @param token - The `link_with` of the request.
 * @param caller - The caller. The ID token must have the same issuer as the caller's access token, and the calling client as
 *   its audience.
 * @returns The account's provider, and its id without the provider.
 * @throws {ManagementRefusal} 400 for the check that failed, in the words of Auth0's reference.
 * @see https://auth0.com/docs/api/management/v2/users/post-identities
 */
export async function parseLinkWith(
  state: TenantState,
  token: string,
  caller: Caller,
): Promise<{ provider: string; user_id: string }> {
  if (algorithmOf(token) !== 'RS256') {
    throw refusal('JWT (link_with) must have an alg of RS256.')
  }
  const claims = await state.signer.verify(token, state.now()).catch(() => {
    throw refusal('Invalid token (link_with).')
  })
  if (claims.iss !== caller.issuer && !state.options.answers.issuer_alias) {
    throw refusal('JWT (link_with) must have the same issuer as the calling user.')
  }
  if (typeof claims.aud !== 'string') throw refusal('JWT (link_with) contains an invalid aud claim.')
  if (claims.aud !== caller.clientId) {
    throw refusal("JWT (link_with) must have an aud claim that matches that of the calling token's azp.")
  }
  if (claims.sub === undefined) throw refusal('JWT (link_with) must contains sub claim.')
  const bar = String(claims.sub).indexOf('|')
  if (bar < 1) throw refusal('JWT (link_with) contains an invalid sub claim.')
  if (!state.users.has(claims.sub)) throw refusal('Provided secondary account not found.')
  return { provider: claims.sub.slice(0, bar), user_id: claims.sub.slice(bar + 1) }
}

function algorithmOf(token: string): unknown {
  try {
    return decodeProtectedHeader(token).alg
  } catch {
    throw refusal('Invalid token (link_with).')
  }
}

function refusal(message: string): ManagementRefusal {
  return new ManagementRefusal(400, message, 'invalid_body')
}
