/**
 * `grant_type=client_credentials` of `POST /oauth/token`.
 * @module
 */
import { timingSafeEqual } from 'node:crypto'
import { findResourceServer, scopesOf } from '../management/resource-server'
import type { Door } from '../model'
import type { TenantState } from '../state'

const TOKEN_LIFETIME_SECONDS = 86_400

/**
 * Issues an access token for an API, usually the Management API.
 *
 * @param state - The tenant.
 * @param door - The domain that the request was sent to. Its issuer becomes the token's `iss`.
 * @param body - The parameters, from JSON or a form. HTTP Basic credentials are already in it as `client_id` and
 *   `client_secret`.
 * @returns A response: 200 with the token, or Auth0's error for the first check that fails.
 * @see https://auth0.com/docs/secure/tokens/access-tokens/management-api-access-tokens
 */
export async function clientCredentials(
  state: TenantState,
  door: Door,
  body: Record<string, unknown>,
): Promise<Response> {
  const client = state.clients.get(String(body.client_id))
  if (client?.client_secret === undefined || !isEqual(client.client_secret, String(body.client_secret))) {
    return refusal(401, state.options.answers.wrong_secret_error, 'Unauthorized')
  }
  const instead = state.options.management_scopes[client.client_id]
  if (instead === undefined && !client.grant_types.includes('client_credentials')) {
    return refusal(
      403,
      'unauthorized_client',
      "Grant type 'client_credentials' not allowed for the client.",
      'https://auth0.com/docs/clients/client-grant-types',
    )
  }
  const { audience } = body
  if (typeof audience !== 'string' || audience === '') {
    return refusal(403, 'access_denied', 'Non-global clients are not allowed access to APIv1')
  }
  const api = findResourceServer(state, audience)
  if (!api) return refusal(403, 'access_denied', `Service not enabled within domain: ${audience}`)
  // A grant for users does not count here. The Management API has two audiences, so compare the APIs.
  const grant = state.clientGrants.find(
    (each) =>
      each.client_id === client.client_id &&
      each.subject_type === 'client' &&
      findResourceServer(state, each.audience) === api,
  )
  const granted = grant?.allow_all_scopes ? scopesOf(api) : grant?.scope
  const scopes = (api.is_system ? instead : undefined) ?? granted
  if (scopes === undefined || (api.is_system && scopes.length === 0)) {
    return refusal(
      403,
      'access_denied',
      `Client is not authorized to access "${audience}". You need to create a "client-grant" associated to this API. See: https://auth0.com/docs/api/v2#!/Client_Grants/post_client_grants`,
    )
  }

  const scope = grantedScope(scopes, body.scope)
  const now = Math.floor(state.now() / 1000)
  const accessToken = await state.signer.sign({
    iss: door.issuer,
    sub: `${client.client_id}@clients`,
    aud: audience,
    iat: now,
    exp: now + TOKEN_LIFETIME_SECONDS,
    scope,
    gty: 'client-credentials',
    azp: client.client_id,
  })
  return answer(200, {
    access_token: accessToken,
    scope,
    expires_in: TOKEN_LIFETIME_SECONDS,
    token_type: 'Bearer',
  })
}

function grantedScope(granted: string[], requested: unknown): string {
  if (typeof requested !== 'string' || requested === '') return granted.join(' ')
  const wanted = requested.split(' ')
  return granted.filter((scope) => wanted.includes(scope)).join(' ')
}

function refusal(status: number, error: string, description: string, uri?: string): Response {
  return answer(status, {
    error,
    error_description: description,
    ...(uri !== undefined && { error_uri: uri }),
  })
}

function answer(status: number, body: Record<string, unknown>): Response {
  return Response.json(body, { status, headers: { 'cache-control': 'no-store', pragma: 'no-cache' } })
}

function isEqual(secret: string, given: string): boolean {
  const [a, b] = [Buffer.from(secret), Buffer.from(given)]
  return a.length === b.length && timingSafeEqual(a, b)
}
