import 'server-only'
import type { Config } from './config'
import type { TenantDomain } from './tenant-domain'

/**
 * The configured domain of a host: a login domain, or the canonical one.
 *
 * @param host - From a token, a cookie or a form. It only chooses among what is configured.
 * @returns Undefined if no configured domain has this host.
 */
export function domainOf(
  { loginDomains, managementDomain }: Pick<Config, 'loginDomains' | 'managementDomain'>,
  host: unknown,
): TenantDomain | undefined {
  return [...loginDomains, managementDomain].find((domain) => domain.host === host)
}

/**
 * The domain at which accounts are proven for a login: its own, so that people stay where they signed in and their passkeys
 * work. A login at the canonical domain has none of its own, so the first login domain is used.
 *
 * @param host - Of the domain at which the login runs.
 */
export function proofDomain(
  { auth0Domain, loginDomains }: Pick<Config, 'auth0Domain' | 'loginDomains'>,
  host: string,
): TenantDomain {
  return loginDomains.find((domain) => domain.host === host) ?? auth0Domain
}
