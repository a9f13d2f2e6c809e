/**
 * `response_type` and `response_mode`: what an authorization response contains, and how it reaches the application.
 * @module
 */
import type { AuthorizationRequest, ResponseMode, StoredClient } from '../model'

/** An error in a request, as an OAuth error. */
export interface RequestProblem {
  error: string
  description: string
}

/** The supported values of `response_type`, with their words in alphabetical order. */
const SUPPORTED = ['code', 'id_token', 'token', 'id_token token']

/** Supported response modes. */
export const MODES: readonly ResponseMode[] = ['query', 'fragment', 'form_post', 'web_message']

type Asked = Pick<AuthorizationRequest, 'query' | 'responseTypes' | 'scopes' | 'nonce'>

/** Says whether a request asks for tokens without a code: the implicit grant. */
export function isImplicit(responseTypes: string[]): boolean {
  return responseTypes.includes('token') || responseTypes.includes('id_token')
}

/**
 * Returns the response mode, which also applies to errors: the requested one if it is allowed, otherwise the default. Tokens
 * never go into a query, because servers log queries.
 *
 * @param responseTypes - The words of `response_type`.
 * @param asked - The requested `response_mode`, if any.
 * @see {@link https://openid.net/specs/oauth-v2-multiple-response-types-1_0.html#ResponseModes Multiple Response Types section 2.1}
 * @see {@link https://openid.net/specs/oauth-v2-form-post-response-mode-1_0.html OAuth 2.0 Form Post Response Mode}
 * @see {@link https://datatracker.ietf.org/doc/html/draft-sakimura-oauth-wmrm-00 OAuth 2.0 Web Message Response Mode}
 */
export function responseModeOf(responseTypes: string[], asked: string | undefined): ResponseMode {
  if (asked === 'form_post' || asked === 'web_message') return asked
  return isImplicit(responseTypes) || asked === 'fragment' ? 'fragment' : 'query'
}

/**
 * Returns the first error in the response type and mode of a request, or in the `nonce` and the scope `openid`, which an ID
 * token in the response needs.
 *
 * @param client - The client. For tokens without a code it needs the grant type `implicit`.
 * @param asked - The request.
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#ImplicitAuthRequest OpenID Connect Core section 3.2.2.1}
 */
export function responseProblem(client: StoredClient, asked: Asked): RequestProblem | undefined {
  const { query, responseTypes, scopes, nonce } = asked
  const { response_type: types, response_mode: mode } = query
  const invalid = (description: string) => ({ error: 'invalid_request', description })
  if (!SUPPORTED.includes([...new Set(responseTypes)].sort().join(' '))) {
    return { error: 'unsupported_response_type', description: `Unsupported response type: ${types}` }
  }
  if (isImplicit(responseTypes) && !client.grant_types.includes('implicit')) {
    return {
      error: 'unauthorized_client',
      description: "Grant type 'implicit' not allowed for the client.",
    }
  }
  if (mode !== undefined && mode !== responseModeOf(responseTypes, mode)) {
    return invalid(`Unsupported response_mode: ${mode}`)
  }
  if (!responseTypes.includes('id_token')) return undefined
  if (nonce === undefined || nonce === '') return invalid('Missing required parameter: nonce')
  return scopes.includes('openid') ? undefined : invalid('An ID token needs the scope openid')
}
