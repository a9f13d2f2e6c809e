import { found } from '../catalogue'
import type { Check } from '../facts'

/** Whether both domains are the tenant's. */
export const checkDomains: Check = ({ config, isLoginIssuer, isCanonicalIssuer }) => [
  ...(isLoginIssuer
    ? []
    : [
        found(
          'login_domain_wrong',
          `No tenant calls itself ${config.auth0Domain.issuer}.`,
          'Set AUTH0_DOMAIN to the domain at which people sign in: the custom domain where there is one.',
        ),
      ]),
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
