/**
 * Where the tenant resumes a paused login. Built from the configuration, never from a request.
 * @module
 */
import 'server-only'
import { TOKEN_PARAMETER } from '@/core/contract'
import { domainOf } from '../config/domain-of'
import type { Services } from './services'
import type { GenuineToken } from './tokens/verify-session-token'

/**
 * Chooses the domain at which a token's login runs, among those that are configured: the one that its `continue_url` names;
 * else its issuer, where people sign in there; else the first login domain.
 *
 * @returns The domain's host.
 */
export function chooseContinueDomain(
  services: Pick<Services, 'auth0Domain' | 'loginDomains' | 'managementDomain'>,
  token: Pick<GenuineToken, 'continueUrl' | 'issuer'>,
): string {
  const { auth0Domain, loginDomains } = services
  const { continueUrl = '', issuer } = token
  const named = URL.canParse(continueUrl) ? domainOf(services, new URL(continueUrl).host) : undefined
  const issuing = loginDomains.find(({ host }) => host === issuer)
  return (named ?? issuing ?? auth0Domain).host
}

/**
 * The address at which the tenant resumes a paused login. `state` goes back byte for byte, encoded once.
 *
 * @param domain - Host of the domain at which the login runs; of none that is configured: the first login domain is taken.
 */
export function continueUrl(
  services: Pick<Services, 'auth0Domain' | 'loginDomains' | 'managementDomain'>,
  domain: string | undefined,
  state: string,
): string {
  const { origin } = domainOf(services, domain) ?? services.auth0Domain
  return `${origin}/continue?state=${encodeURIComponent(state)}`
}

/** The same with an answer in the query, for a redirect that no page of ours stands behind. */
export function continueUrlWithToken(
  services: Pick<Services, 'auth0Domain' | 'loginDomains' | 'managementDomain'>,
  domain: string | undefined,
  state: string,
  token: string,
): string {
  return `${continueUrl(services, domain, state)}&${TOKEN_PARAMETER}=${token}`
}
