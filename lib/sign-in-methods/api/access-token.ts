/**
 * The access tokens of `GET /api/sign-in-methods`: for the API `APP_BASE_URL/api`, signed by the tenant.
 * @module
 */
import 'server-only'
import type { Config } from '../../config/config'
import { createAccessTokenVerifier } from '../../oidc/verify-access-token'
import { ApiRefusal } from './refusal'

/** The one scope of the API. */
export const API_SCOPE = 'read:sign_in_methods'

/** The `Authorization` header with the scheme Bearer, the only one that we accept, and a token as RFC 6750 allows it. */
const BEARER = /^bearer +([\w.~+/-]+=*) *$/i

/** The subject of an access token, and the application that it was issued to. */
export interface ApiCaller {
  /** User id of the person. */
  subject: string
  clientId: string
}

/** Verifies access tokens. */
export interface ApiTokens {
  /**
   * Verifies the access token of a request.
   *
   * @param authorization - The `Authorization` header, if there is one.
   * @throws {ApiRefusal} `missing_token`; `invalid_token` if the token was not issued for a person and this API, or not
   *   signed with RS256 by a configured domain of the tenant; `insufficient_scope`; `tenant_unreachable` if the tenant's
   *   keys cannot be read.
   */
  verify(authorization: string | null): Promise<ApiCaller>
}

/** The identifier of the API, which is the audience of its access tokens. */
const apiAudience = (appBaseUrl: string): string => `${appBaseUrl}/api`

/**
 * Makes the verifier of access tokens for one process.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6750 RFC 6750}
 */
export function createApiTokens({
  appBaseUrl,
  loginDomains,
  managementDomain,
}: Pick<Config, 'appBaseUrl' | 'loginDomains' | 'managementDomain'>): ApiTokens {
  const verifier = createAccessTokenVerifier({ loginDomains, managementDomain })
  return {
    async verify(authorization) {
      const [, token] = BEARER.exec(authorization ?? '') ?? []
      if (token === undefined) throw new ApiRefusal('missing_token')
      const claims = await verifier.verify(token, apiAudience(appBaseUrl)).catch(() => {
        throw new ApiRefusal('tenant_unreachable')
      })
      if (!claims) throw new ApiRefusal('invalid_token')
      const { sub = '', azp, gty, scope } = claims
      // A token from the client credentials flow has an application as its subject, not a person.
      const isOfPerson = gty !== 'client-credentials' && !sub.endsWith('@clients') && sub !== ''
      if (!isOfPerson || typeof azp !== 'string' || azp === '') throw new ApiRefusal('invalid_token')
      const hasScope = typeof scope === 'string' && scope.split(' ').includes(API_SCOPE)
      if (!hasScope) throw new ApiRefusal('insufficient_scope')
      return { subject: sub, clientId: azp }
    },
  }
}
