import 'server-only'
import { config } from './config'
import type { TenantDomain } from './tenant-domain'

/**
 * The configured domain of a host: a login domain, or the canonical one.
 *
 * @param host - From a token, a cookie or a form. It only chooses: where nothing of that host is configured, there is none.
 */
export function domainOf(host: unknown): TenantDomain | undefined {
  const { loginDomains, managementDomain } = config()
  return [...loginDomains, managementDomain].find((domain) => domain.host === host)
}

/**
 * The domain at which accounts are proven for a login: its own, so that people stay where they signed in and their passkeys
 * work. A login at the canonical domain has none of its own: the first is taken.
 *
 * @param host - Of the domain at which the login runs.
 */
export function proofDomain(host: string): TenantDomain {
  const { auth0Domain, loginDomains } = config()
  return loginDomains.find((domain) => domain.host === host) ?? auth0Domain
}
