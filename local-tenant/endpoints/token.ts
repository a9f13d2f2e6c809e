/**
 * `POST /oauth/token`.
 * @module
 */
import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import { authenticateClient, tokenParameters } from '../login/client-authentication'
import { issueTokens, runBackChannelLogin, TokenRefusal, tokenError } from '../login/issue-tokens'
import type { Grant, StoredClient } from '../model'
import type { TenantEnv } from '../tenant-env'
import { doorFor, type Endpoint, type TenantParts } from '../tenant-parts'
import { clientCredentials } from './client-credentials'
import { passwordGrant } from './password-grant'

const CODE_LIFETIME_MS = 600_000

/**
 * Issues tokens for a code, a refresh token or a password, or for the client itself.
 *
 * @see https://auth0.com/docs/api/authentication#get-token
 */
export function token(parts: TenantParts): Endpoint {
  return async (context) => {
    const parameters = await tokenParameters(context)
    try {
      return await answer(parts, context, parameters)
    } catch (error) {
      if (error instanceof TokenRefusal) return tokenError(context, error)
      throw error
    }
  }
}

async function answer(
  parts: TenantParts,
  context: Context<TenantEnv>,
  parameters: Record<string, unknown>,
): Promise<Response> {
  const { state } = parts
  const grantType = parameters.grant_type
  const door = doorFor(parts, context)
  if (grantType === undefined)
    throw new TokenRefusal(400, 'invalid_request', 'Missing required parameter: grant_type')
  if (grantType === 'client_credentials') return clientCredentials(state, door, parameters)

  const client = authenticateClient(state, parameters)
  if (!client) throw new TokenRefusal(401, state.options.answers.wrong_secret_error, 'Unauthorized')
  if (!client.grant_types.includes(String(grantType))) {
    throw new TokenRefusal(
      403,
      'unauthorized_client',
      `Grant type '${grantType}' not allowed for the client.`,
    )
  }
  switch (grantType) {
    case 'authorization_code':
      return issueTokens(parts, context, takeCode(parts, client, parameters))
    case 'refresh_token':
      return refresh(parts, context, client, parameters)
    case 'password':
    case 'http://auth0.com/oauth/grant-type/password-realm':
      return passwordGrant(parts, context, client, parameters)
    default:
      throw new TokenRefusal(403, 'unauthorized_client', `Unsupported grant type: ${grantType}`)
  }
}

/** Redeems a code. A code works once: it is removed even if the rest of the request is wrong. */
function takeCode(
  { state, transactions }: TenantParts,
  client: StoredClient,
  parameters: Record<string, unknown>,
): Grant {
  const code = parameters.code
  if (typeof code !== 'string')
    throw new TokenRefusal(400, 'invalid_request', 'Missing required parameter: code')
  const grant = transactions.codes.get(code)
  transactions.codes.delete(code)
  if (!grant || grant.clientId !== client.client_id || state.now() - grant.issuedAt > CODE_LIFETIME_MS) {
    throw new TokenRefusal(403, 'invalid_grant', 'Invalid authorization code')
  }
  if (parameters.redirect_uri !== undefined && parameters.redirect_uri !== grant.redirectUri) {
    throw new TokenRefusal(
      403,
      'invalid_grant',
      `The redirect URI is wrong. You sent ${parameters.redirect_uri}, and we expected ${grant.redirectUri}`,
    )
  }
  const verifier = parameters.code_verifier
  const isProven =
    grant.codeChallenge === undefined
      ? verifier === undefined
      : createHash('sha256').update(String(verifier)).digest('base64url') === grant.codeChallenge
  if (!isProven) throw new TokenRefusal(403, 'invalid_grant', 'Failed to verify code verifier')
  return grant
}

async function refresh(
  parts: TenantParts,
  context: Context<TenantEnv>,
  client: StoredClient,
  parameters: Record<string, unknown>,
): Promise<Response> {
  const refreshToken = String(parameters.refresh_token)
  const grant = parts.state.refreshTokens.get(refreshToken)?.grant
  if (!grant || grant.clientId !== client.client_id || !parts.state.users.has(grant.userId)) {
    throw new TokenRefusal(403, 'invalid_grant', 'Unknown or invalid refresh token.')
  }
  const asked = typeof parameters.scope === 'string' ? parameters.scope.split(' ') : grant.scopes
  const narrowed = {
    ...grant,
    scopes: grant.scopes.filter((scope) => asked.includes(scope)),
    nonce: undefined,
  }
  const renewed = await runBackChannelLogin(parts, context, client, narrowed, 'oauth2-refresh-token')
  // The refresh token stays valid and unchanged, so the response contains none.
  return issueTokens(parts, context, renewed, { isRefresh: true })
}
