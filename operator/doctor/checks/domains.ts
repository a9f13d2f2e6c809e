import { createFinding } from '../catalogue'
import type { DoctorCheck } from '../facts'

/** Whether the configured domains belong to the tenant. */
export const checkDomains: DoctorCheck = ({ config, wrongLoginIssuers, isCanonicalIssuer }) => [
  ...wrongLoginIssuers.map((issuer) =>
    createFinding(
      'login_domain_wrong',
      `No tenant has the issuer ${issuer}.`,
      'Set AUTH0_DOMAIN to the domains at which people sign in: the custom domains, if there are any.',
    ),
  ),
  ...(isCanonicalIssuer
    ? []
    : [
        createFinding(
          'canonical_domain_wrong',
          `No tenant has the issuer ${config.managementDomain.issuer}.`,
          'Set AUTH0_MANAGEMENT_DOMAIN to the canonical domain, TENANT.REGION.auth0.com.',
        ),
      ]),
]
