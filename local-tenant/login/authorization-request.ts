/**
 * Parsing of authorization requests.
 * @module
 */

import { findResourceServer } from '../management/resource-server'
import type { AuthorizationRequest, StoredClient } from '../model'
import { parseUrl } from '../parse-url'
import type { TenantState } from '../state'
import { canLogIn } from './can-log-in'
import { findOrganization, mayUse } from './organization'
import { isImplicit, type RequestProblem, responseModeOf, responseProblem } from './response-type'

/**
 * A parsed request, or what is wrong with it. If there is no `request`, the tenant cannot redirect the browser to an
 * application.
 */
export type ParsedRequest =
  | { client: StoredClient; request: AuthorizationRequest; problem?: RequestProblem }
  | { problem: RequestProblem }

/**
 * Parses the parameters of an authorization request.
 *
 * @param state - The tenant.
 * @param query - The parameters.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-4.1.1 RFC 6749 section 4.1.1}
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#ImplicitAuthRequest OpenID Connect Core section 3.2.2.1}
 */
export function parseAuthorizationRequest(state: TenantState, query: Record<string, string>): ParsedRequest {
  const client = state.clients.get(query.client_id ?? '')
  if (!client) {
    return { problem: { error: 'invalid_request', description: `Unknown client: ${query.client_id ?? ''}` } }
  }
  const redirectUri = query.redirect_uri ?? client.callbacks[0] ?? ''
  if (!client.callbacks.includes(redirectUri)) {
    return {
      problem: {
        error: 'invalid_request',
        description: `Callback URL mismatch. ${redirectUri} is not in the list of allowed callback URLs.`,
      },
    }
  }
  if (query.response_mode === 'web_message' && !client.web_origins.includes(originOf(redirectUri))) {
    return {
      problem: {
        error: 'invalid_request',
        description: `The specified redirect_uri '${redirectUri}' does not have a registered origin.`,
      },
    }
  }
  const words = (text: string | undefined) => text?.split(' ').filter((word) => word !== '') ?? []
  const responseTypes = words(query.response_type)
  const request: AuthorizationRequest = {
    query,
    redirectUri,
    responseTypes,
    responseMode: responseModeOf(responseTypes, query.response_mode),
    scopes: words(query.scope),
    prompt: words(query.prompt),
    acrValues: words(query.acr_values),
    uiLocales: words(query.ui_locales),
    state: query.state,
    nonce: query.nonce,
    codeChallenge: query.code_challenge,
    maxAge: query.max_age === undefined ? undefined : Number(query.max_age),
    loginHint: query.login_hint,
    connection: query.connection,
    audience: query.audience,
    organization: query.organization,
  }
  const problem = responseProblem(client, request) ?? firstProblem(state, client, request)
  return { client, request, problem }
}

function originOf(address: string): string {
  return parseUrl(address)?.origin ?? ''
}

function firstProblem(
  state: TenantState,
  client: StoredClient,
  request: AuthorizationRequest,
): RequestProblem | undefined {
  const { query, prompt, maxAge, connection, audience } = request
  const invalid = (description: string) => ({ error: 'invalid_request', description })
  if (request.codeChallenge !== undefined && query.code_challenge_method !== 'S256') {
    return invalid('code_challenge_method must be S256')
  }
  const isCodeProven = client.client_secret !== undefined || request.codeChallenge !== undefined
  if (!isCodeProven && !isImplicit(request.responseTypes)) {
    return invalid('Parameter code_challenge is required')
  }
  if (prompt.includes('none') && prompt.length > 1)
    return invalid('prompt=none cannot be combined with other values')
  if (maxAge !== undefined && !(Number.isInteger(maxAge) && maxAge >= 0))
    return invalid('max_age must be a number of seconds')
  if (connection !== undefined) {
    const named = state.connections.find(({ name }) => name === connection)
    if (!named) return invalid('the connection was not found')
    if (!canLogIn(named, client)) return invalid('the connection was disabled')
  }
  const { organization: wanted } = request
  const organization = findOrganization(state, wanted)
  if (wanted !== undefined && !organization) return invalid(`parameter organization is invalid: ${wanted}`)
  if (connection !== undefined && !mayUse(organization, connection))
    return invalid('the connection is not enabled for the organization')
  if (audience !== undefined && !findResourceServer(state, audience)) {
    return { error: 'access_denied', description: `Service not found: ${audience}` }
  }
  return undefined
}
