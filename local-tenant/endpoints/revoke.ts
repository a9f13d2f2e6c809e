/**
 * `POST /oauth/revoke`.
 * @module
 */
import { authenticateClient, tokenParameters } from '../login/client-authentication'
import { TokenRefusal, tokenError } from '../login/issue-tokens'
import type { Endpoint, TenantParts } from '../tenant-parts'

/**
 * Revokes a refresh token. The response for an unknown token is the same.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc7009#section-2 RFC 7009 section 2}
 */
export function revoke({ state }: TenantParts): Endpoint {
  return async (context) => {
    const parameters = await tokenParameters(context)
    const client = authenticateClient(state, parameters)
    if (!client) return tokenError(context, new TokenRefusal(401, 'invalid_client', 'Unauthorized'))
    const token = String(parameters.token)
    if (state.refreshTokens.get(token)?.grant.clientId === client.client_id) state.refreshTokens.delete(token)
    return context.body(null, 200)
  }
}
