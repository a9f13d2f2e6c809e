import { scopesInUse, scopesOfUse } from '../../shared/rights-scopes'
import { createFinding } from '../catalogue'
import type { DoctorCheck } from '../facts'

/** Optional scopes, for ending the sessions of other devices. The required scopes are in the grant's file in `auth0/`. */
const OPTIONAL_SCOPES = ['read:sessions', 'delete:sessions', 'delete:refresh_tokens']
/** Scope for the return link of the page "Sign-in methods" to the application that a person came from. */
const WAY_BACK_SCOPE = 'read:clients'
/** Scopes for reading the brand. {@link checkBrand} reports those that are missing. */
const BRAND_SCOPES = ['read:branding', 'read:tenant_settings', 'read:organizations', 'read:custom_domains']
/** Scopes that optional features use, so that they do not count as excess. */
const ALLOWED_SCOPES = [...OPTIONAL_SCOPES, ...BRAND_SCOPES, 'delete:users']
/** Every link needs this scope, and so does every read of rights (roles, permissions, memberships, factors). */
const LINK_SCOPE = 'read:users'
/** A rate limit with a burst of at most this many API calls counts as low. */
const SMALL_BURST = 10

/** Whether the service's own credentials work, with the scopes they need and no others. */
export const checkManagement: DoctorCheck = ({ config, desired, granted, burst }) => {
  const variables = config.linkingAuthority === 'linking-client' ? 'LINKING_CLIENT' : 'MANAGEMENT_API_CLIENT'
  const findings = []
  if (granted && 'status' in granted) {
    findings.push(
      createFinding(
        'management_credentials_refused',
        `The tenant issues no token for ${config.managementDomain.origin}/api/v2/ (${granted.status ?? 'no answer'}).`,
        `Compare ${variables}_ID and ${variables}_SECRET with the tenant's, set AUTH0_MANAGEMENT_DOMAIN to the canonical domain, and authorize the application for the Auth0 Management API.`,
      ),
    )
  } else if (granted) {
    const notGranted = desired.grant.scope.filter((scope) => !granted.scopes.includes(scope))
    // If scopes for rights are missing, `checkRights` reports them.
    const ofRights = scopesInUse(desired.rights).filter((scope) => scope !== LINK_SCOPE)
    const missing = notGranted.filter(
      (scope) => ![WAY_BACK_SCOPE, ...BRAND_SCOPES, ...ofRights].includes(scope),
    )
    const excess = granted.scopes.filter(
      (scope) =>
        ![...desired.grant.scope, ...ALLOWED_SCOPES, ...scopesOfUse(granted.scopes, desired.rights)].includes(
          scope,
        ),
    )
    const optional = OPTIONAL_SCOPES.filter((scope) => !granted.scopes.includes(scope))
    if (missing.length > 0)
      findings.push(
        createFinding(
          'scopes_missing',
          `Not granted: ${missing.join(' ')}.`,
          'Run npm run provision -- apply.',
        ),
      )
    if (excess.length > 0)
      findings.push(
        createFinding(
          'scopes_excess',
          `Granted, but not needed: ${excess.join(' ')}.`,
          `Remove them from the grant of ${variables}_ID.`,
        ),
      )
    if (optional.length > 0)
      findings.push(
        createFinding(
          'scopes_optional_missing',
          `Not granted: ${optional.join(' ')}.`,
          'Grant them if your plan has sessions in the Management API.',
        ),
      )
    if (notGranted.includes(WAY_BACK_SCOPE))
      findings.push(
        createFinding(
          'way_back_scope_missing',
          `Not granted: ${WAY_BACK_SCOPE}.`,
          'Run npm run provision -- apply; or remove it from auth0/grants/account-linking-management.json.',
        ),
      )
  }
  if (burst !== undefined && burst <= SMALL_BURST)
    findings.push(
      createFinding(
        'rate_limit_low',
        `The Management API allows a burst of ${burst} calls.`,
        'Before many people sign in at once, start with ACCOUNT_LINKING_MODE=observe, or choose a larger plan.',
      ),
    )
  return findings
}
