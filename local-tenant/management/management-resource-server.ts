import type { StoredResourceServer } from '../model'
import { MANAGEMENT_SCOPES } from './management-scopes'

const DAY_SECONDS = 86_400

/**
 * Returns the API record of the Management API, which every tenant has.
 *
 * @param identifier - The audience of the Management API.
 */
export function managementResourceServer(identifier: string): StoredResourceServer {
  return {
    id: 'management-api',
    name: 'Auth0 Management API',
    identifier,
    is_system: true,
    allow_offline_access: false,
    skip_consent_for_verifiable_first_party_clients: false,
    token_lifetime: DAY_SECONDS,
    token_lifetime_for_web: DAY_SECONDS / 12,
    signing_alg: 'RS256',
    scopes: MANAGEMENT_SCOPES.map((value) => ({ value, description: value.replace(':', ' ') })),
  }
}
