/**
 * The access tokens of `GET /api/sign-in-methods`: for the API `APP_BASE_URL/api`, signed by the tenant.
 * @module
 */
import 'server-only'
import { createRemoteJWKSet, decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose'
import type { Config } from '../../config/config'
import { ApiRefusal } from './refusal'

/** The one scope of the API. */
export const API_SCOPE = 'read:sign_in_methods'

/** Longest token that is read, in characters. */
const MAX_TOKEN_CHARACTERS = 8_192
/** Longest wait for the tenant's keys, in milliseconds. */
const KEYS_TIMEOUT_MS = 2_500
/** How far the tenant's clock may be apart from ours, in seconds. */
const SKEW_SECONDS = 30
/** The only scheme that counts, with a token of the characters that RFC 6750 allows. */
const BEARER = /^bearer +([\w.~+/-]+=*) *$/i

/** The person that a token is about, and the application that it was issued to. */
export interface ApiCaller {
  /** User id. */
  subject: string
  clientId: string
}

/** Verifies access tokens. */
export interface ApiTokens {
  /**
   * Says on whose behalf a request is made, and by which application.
   *
   * @param authorization - The `Authorization` header, if there is one.
   * @throws {ApiRefusal} `missing_token`; `invalid_token` if the token is not one of a person for this API, signed with RS256 by a
   *   configured domain of the tenant; `insufficient_scope`; `tenant_unreachable` if the tenant's keys cannot be read.
   */
  verify(authorization: string | null): Promise<ApiCaller>
}

/** The identifier of the API: the audience of its tokens. */
const apiAudience = (appBaseUrl: string): string => `${appBaseUrl}/api`

/**
 * Makes the verifier of one process. Keys of a domain are fetched with its first token and again for a key that is not known yet, at
 * most once in 30 s.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6750 RFC 6750}
 * @see {@link https://auth0.com/docs/secure/tokens/access-tokens/validate-access-tokens Validate access tokens}
 */
export function createApiTokens({
  appBaseUrl,
  loginDomains,
  managementDomain,
}: Pick<Config, 'appBaseUrl' | 'loginDomains' | 'managementDomain'>): ApiTokens {
  const keysOf = new Map(
    [...loginDomains, managementDomain].map(({ issuer }) => [
      issuer,
      createRemoteJWKSet(new URL('.well-known/jwks.json', issuer), { timeoutDuration: KEYS_TIMEOUT_MS }),
    ]),
  )

  const claimsOf = async (token: string): Promise<JWTPayload> => {
    try {
      const { iss: issuer = '' } = decodeJwt(token)
      const keys = keysOf.get(issuer)
      if (!keys) throw new ApiRefusal('invalid_token')
      const { payload } = await jwtVerify(token, keys, {
        algorithms: ['RS256'],
        issuer,
        audience: apiAudience(appBaseUrl),
        clockTolerance: SKEW_SECONDS,
        requiredClaims: ['iat', 'exp', 'sub'],
      })
      return payload
    } catch (error) {
      if (error instanceof ApiRefusal) throw error
      throw new ApiRefusal(isAboutToken(error) ? 'invalid_token' : 'tenant_unreachable')
    }
  }

  return {
    async verify(authorization) {
      const [, token] = BEARER.exec(authorization ?? '') ?? []
      if (token === undefined) throw new ApiRefusal('missing_token')
      if (token.length > MAX_TOKEN_CHARACTERS) throw new ApiRefusal('invalid_token')
      const { sub = '', azp, gty, scope } = await claimsOf(token)
      // A token that an application got for itself is about no person.
      const isOfPerson = gty !== 'client-credentials' && !sub.endsWith('@clients') && sub !== ''
      if (!isOfPerson || typeof azp !== 'string' || azp === '') throw new ApiRefusal('invalid_token')
      const hasScope = typeof scope === 'string' && scope.split(' ').includes(API_SCOPE)
      if (!hasScope) throw new ApiRefusal('insufficient_scope')
      return { subject: sub, clientId: azp }
    },
  }
}

/** Whether an error of jose is about the token itself; any other one is about the keys. */
function isAboutToken(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return false
  return !['ERR_JOSE_GENERIC', 'ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID'].includes(error.code)
}
