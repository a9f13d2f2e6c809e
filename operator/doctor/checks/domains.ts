import { found } from '../catalogue'
import type { Check } from '../facts'

/** Whether every domain is the tenant's. */
export const checkDomains: Check = ({ config, wrongLoginIssuers, isCanonicalIssuer }) => [
  ...wrongLoginIssuers.map((issuer) =>
    found(
      'login_domain_wrong',
      `No tenant calls itself ${issuer}.`,
      'Set AUTH0_DOMAIN to the domains at which people sign in: the custom ones where there are any.',
    ),
  ),
  ...(isCanonicalIssuer
    ? []
    : [
        found(
          'canonical_domain_wrong',
          `No tenant calls itself ${config.managementDomain.issuer}.`,
          'Set AUTH0_MANAGEMENT_DOMAIN to the canonical domain, TENANT.REGION.auth0.com.',
        ),
      ]),
]
