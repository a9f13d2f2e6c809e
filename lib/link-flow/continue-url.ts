/**
 * Builds the tenant's `/continue` URL, which resumes a paused login. Its origin comes from the configuration, never from a
 * request.
 * @module
 */
import 'server-only'
import { TOKEN_PARAMETER } from '@/core/contract'
import { parseUrl } from '../../core/parse-url'
import { domainOf } from '../config/domain-of'
import type { Services } from './services'
import type { GenuineToken } from './tokens/verify-session-token'

/**
 * Chooses, among the configured domains, the one at which the login of a session token runs. That is the domain in the
 * token's `continue_url`; otherwise the token's issuer, if people sign in at that domain; otherwise the first of
 * `AUTH0_DOMAIN`.
 *
 * @returns The domain's host.
 */
export function chooseContinueDomain(
  services: Pick<Services, 'auth0Domain' | 'loginDomains' | 'managementDomain'>,
  token: Pick<GenuineToken, 'continueUrl' | 'issuer'>,
): string {
  const { auth0Domain, loginDomains } = services
  const { continueUrl = '', issuer } = token
  const url = parseUrl(continueUrl)
  const named = url && domainOf(services, url.host)
  const issuing = loginDomains.find(({ host }) => host === issuer)
  return (named ?? issuing ?? auth0Domain).host
}

/**
 * The URL at which the tenant resumes a paused login. `state` is returned byte for byte, encoded once.
 *
 * @param domain - Host of the domain at which the login runs. If no such domain is configured, the first login domain is used.
 */
export function continueUrl(
  services: Pick<Services, 'auth0Domain' | 'loginDomains' | 'managementDomain'>,
  domain: string | undefined,
  state: string,
): string {
  const { origin } = domainOf(services, domain) ?? services.auth0Domain
  return `${origin}/continue?state=${encodeURIComponent(state)}`
}

/**
 * The URL of {@link continueUrl} with a response token in the query, for a redirect that does not start from one of our pages.
 */
export function continueUrlWithToken(
  services: Pick<Services, 'auth0Domain' | 'loginDomains' | 'managementDomain'>,
  domain: string | undefined,
  state: string,
  token: string,
): string {
  return `${continueUrl(services, domain, state)}&${TOKEN_PARAMETER}=${token}`
}
