import 'server-only'
import { createRemoteJWKSet, decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose'
import { LinkingError } from '@/core/errors'
import type { Config } from '../config/config'

/** Longest token that is read, in characters. */
const MAX_TOKEN_CHARACTERS = 8_192
/** Longest wait for the tenant's keys, in milliseconds. */
const KEYS_TIMEOUT_MS = 2_500
/** How far the tenant's clock may differ from ours, in seconds. */
const SKEW_SECONDS = 30

/** Verifies access tokens of the tenant's APIs. */
export interface AccessTokenVerifier {
  /**
   * Verifies a token.
   *
   * @param audience - The identifier of the API that the token must be for.
   * @returns Its claims; undefined if it is not a token for this API, signed with RS256 by a configured domain of the tenant.
   * @throws {LinkingError} `tenant_unreachable` if the tenant's keys cannot be read.
   */
  verify(token: string, audience: string): Promise<JWTPayload | undefined>
}

/**
 * Makes the verifier of one process. It fetches a domain's keys with the first token of that domain, and again after ten
 * minutes. For an unknown key it also fetches them again, at most once in 30 s.
 *
 * @see {@link https://auth0.com/docs/secure/tokens/access-tokens/validate-access-tokens Validate access tokens}
 */
export function createAccessTokenVerifier({
  loginDomains,
  managementDomain,
}: Pick<Config, 'loginDomains' | 'managementDomain'>): AccessTokenVerifier {
  const keysOf = new Map(
    [...loginDomains, managementDomain].map(({ issuer }) => [
      issuer,
      createRemoteJWKSet(new URL('.well-known/jwks.json', issuer), { timeoutDuration: KEYS_TIMEOUT_MS }),
    ]),
  )
  return {
    async verify(token, audience) {
      if (token.length > MAX_TOKEN_CHARACTERS) return undefined
      try {
        const { iss: issuer = '' } = decodeJwt(token)
        const keys = keysOf.get(issuer)
        if (!keys) return undefined
        const { payload } = await jwtVerify(token, keys, {
          algorithms: ['RS256'],
          issuer,
          audience,
          clockTolerance: SKEW_SECONDS,
          requiredClaims: ['iat', 'exp', 'sub'],
        })
        return payload
      } catch (cause) {
        if (isAboutToken(cause)) return undefined
        throw new LinkingError('tenant_unreachable', { cause })
      }
    },
  }
}

/** Whether an error of jose is about the token. All other errors are about reading the tenant's keys. */
function isAboutToken(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return false
  return !['ERR_JOSE_GENERIC', 'ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID'].includes(error.code)
}
