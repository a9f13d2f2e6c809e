import 'server-only'
import type { Config } from './config'
import type { TenantDomain } from './tenant-domain'

/**
 * The configured domain with a given host: a login domain, or the canonical domain.
 *
 * @param host - From a token, a cookie or a form. It need not be trusted, because it only selects a configured domain.
 * @returns Undefined if no configured domain has this host.
 */
export function domainOf(
  { loginDomains, managementDomain }: Pick<Config, 'loginDomains' | 'managementDomain'>,
  host: unknown,
): TenantDomain | undefined {
  return [...loginDomains, managementDomain].find((domain) => domain.host === host)
}

/**
 * The domain at which the other account is proven during a login. It is the login's own domain, because passkeys work only there.
 * For a login at the canonical domain, it is the first login domain.
 *
 * @param host - Host of the domain at which the login runs.
 */
export function proofDomain(
  { auth0Domain, loginDomains }: Pick<Config, 'auth0Domain' | 'loginDomains'>,
  host: string,
): TenantDomain {
  return loginDomains.find((domain) => domain.host === host) ?? auth0Domain
}
