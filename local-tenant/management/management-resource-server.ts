import type { StoredResourceServer } from '../model'
import { MANAGEMENT_SCOPES } from './management-scopes'

/** A day, in seconds. */
const A_DAY = 86_400

/**
 * The Management API itself, which every tenant has.
 *
 * @param identifier - Its audience.
 */
export function managementResourceServer(identifier: string): StoredResourceServer {
  return {
    id: 'management-api',
    name: 'Auth0 Management API',
    identifier,
    is_system: true,
    allow_offline_access: false,
    skip_consent_for_verifiable_first_party_clients: false,
    token_lifetime: A_DAY,
    token_lifetime_for_web: A_DAY / 12,
    signing_alg: 'RS256',
    scopes: MANAGEMENT_SCOPES.map((value) => ({ value, description: value.replace(':', ' ') })),
  }
}
