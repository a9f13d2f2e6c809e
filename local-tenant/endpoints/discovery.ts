/**
 * `GET /.well-known/openid-configuration` and `GET /.well-known/jwks.json`.
 * @module
 */
import { MODES } from '../login/response-type'
import { doorFor, type Endpoint, type TenantParts } from '../tenant-parts'

/**
 * Serves the OpenID Connect discovery document of the domain that the request was sent to.
 *
 * @see {@link https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata OpenID Connect Discovery section 3}
 */
export function discovery(parts: TenantParts): Endpoint {
  return (context) => {
    const { issuer } = doorFor(parts, context)
    const { authorization_response_iss_parameter_supported } = parts.state.options
    return context.json({
      issuer,
      authorization_endpoint: `${issuer}authorize`,
      token_endpoint: `${issuer}oauth/token`,
      userinfo_endpoint: `${issuer}userinfo`,
      jwks_uri: `${issuer}.well-known/jwks.json`,
      end_session_endpoint: `${issuer}oidc/logout`,
      revocation_endpoint: `${issuer}oauth/revoke`,
      scopes_supported: ['openid', 'profile', 'email', 'phone', 'offline_access'],
      response_types_supported: ['code', 'token', 'id_token', 'token id_token'],
      response_modes_supported: MODES,
      grant_types_supported: [
        'authorization_code',
        'implicit',
        'refresh_token',
        'client_credentials',
        'password',
      ],
      code_challenge_methods_supported: ['S256'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
      acr_values_supported: ['http://schemas.openid.net/pape/policies/2007/06/multi-factor'],
      ...(authorization_response_iss_parameter_supported && {
        authorization_response_iss_parameter_supported,
      }),
      claims_supported: ['aud', 'auth_time', 'email', 'email_verified', 'exp', 'iat', 'iss', 'name', 'sub'],
    })
  }
}

/** Serves the public keys. They are the same for the login domain and the canonical domain. */
export function jwks({ state }: TenantParts): Endpoint {
  return (context) => context.json(state.signer.jwks())
}
