/**
 * Reads, with the service's own credentials, the connections of organizations and the sizes of profiles.
 * @module
 */
import { OrganizationsClient } from 'auth0/organizations'
import { UsersClient } from 'auth0/users'
import { bytesOf } from '../../core'
import { callTenant } from '../shared/tenant-reads'
import { LARGE_PROFILE_BYTES, type OrganizationFacts, type ProfileFacts } from './facts'

/** Access to the Management API with the service's own credentials, at the domain that the service uses. */
export interface OwnAccess {
  /** URL of the Management API, which ends with `/api/v2`. */
  baseUrl: string
  token: string
  maxRetries: number
}

/** How many organizations and how many accounts are read: one page of each. */
const PAGE_SIZE = 100

/**
 * Reads the first organizations, and with one API call each, their enabled connections. Needs `read:organizations` and
 * `read:organization_connections`.
 *
 * @throws {OperatorError} The errors of {@link callTenant}.
 */
export async function readOrganizations(access: OwnAccess): Promise<OrganizationFacts[]> {
  const client = new OrganizationsClient(access)
  const organizations: OrganizationFacts[] = []
  for (const { id = '', name = '' } of (await callTenant(client.list({ take: PAGE_SIZE }))).data) {
    const { data } = await callTenant(client.enabledConnections.list(id, { per_page: PAGE_SIZE }))
    const connections = data.map(({ connection }) => ({
      name: connection?.name ?? '',
      strategy: connection?.strategy ?? '',
    }))
    organizations.push({ name, connections })
  }
  return organizations
}

/**
 * Measures the profiles of the accounts that changed last. It makes one API call only, because a large tenant has too many
 * accounts to read all. Needs `read:users`.
 *
 * @throws {OperatorError} The errors of {@link callTenant}.
 * @see {@link https://auth0.com/docs/api/management/v2/users/get-users List or search users}
 */
export async function readProfiles(access: OwnAccess): Promise<ProfileFacts> {
  const { data } = await callTenant(
    new UsersClient(access).list({ per_page: PAGE_SIZE, page: 0, sort: 'updated_at:-1' }),
  )
  return {
    sampled: data.length,
    large: data.filter((user) => bytesOf(user) > LARGE_PROFILE_BYTES).length,
  }
}
