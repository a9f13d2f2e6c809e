/**
 * The second form of linking: the secondary account named by its ID token.
 * @module
 */
import { decodeProtectedHeader } from 'jose'
import type { Caller } from './management-auth'
import { ManagementRefusal } from './management-errors'
import type { TenantState } from '../state'

/**
 * Reads the account an ID token speaks for.
 *
 * @param state - The tenant.
 * @param token - The `link_with` of the request.
 * @param caller - Whose access token came with it: the ID token must be of the same issuer, and made for the same client.
 * @returns The account's provider and raw id.
 * @throws {ManagementRefusal} 400 with the check that failed.
 * @see https://auth0.com/docs/api/management/v2/users/post-identities
 */
export async function parseLinkWith(
  state: TenantState,
  token: string,
  caller: Caller,
): Promise<{ provider: string; user_id: string }> {
  if (algorithmOf(token) !== 'RS256') {
    throw refusal('The algorithm (alg) of the token in link_with must be RS256.')
  }
  const claims = await state.signer.verify(token, state.now()).catch(() => {
    throw refusal('The token in link_with is invalid.')
  })
  if (claims.iss !== caller.issuer && !state.options.answers.issuer_alias) {
    throw refusal('The issuer (iss) of the token in link_with differs from that of the access token.')
  }
  if (typeof claims.aud !== 'string')
    throw refusal('The audience (aud) of the token in link_with is invalid.')
  if (claims.aud !== caller.clientId) {
    throw refusal('The audience (aud) of the token in link_with differs from the azp of the access token.')
  }
  if (claims.sub === undefined) throw refusal('The token in link_with must contain sub.')
  const bar = claims.sub.indexOf('|')
  if (bar < 1) throw refusal('The subject (sub) of the token in link_with is invalid.')
  if (!state.users.has(claims.sub)) throw refusal('Provided secondary account not found.')
  return { provider: claims.sub.slice(0, bar), user_id: claims.sub.slice(bar + 1) }
}

function algorithmOf(token: string): unknown {
  try {
    return decodeProtectedHeader(token).alg
  } catch {
    throw refusal('The token in link_with is invalid.')
  }
}

function refusal(message: string): ManagementRefusal {
  return new ManagementRefusal(400, message, 'invalid_body')
}
