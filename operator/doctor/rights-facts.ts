/**
 * Reads what decides whether rights can be carried over, and how large profiles are, with the service's own credentials.
 * @module
 */
import type { ManagementClient } from 'auth0'
import { bytesOf } from '../../core'
import { attempt } from '../shared/tenant-reads'
import { LARGE_PROFILE_BYTES, type OrganizationFacts, type ProfileFacts } from './facts'

/** Organizations that are looked at, and accounts: one page. */
const PAGE_SIZE = 100

/**
 * Reads the first organizations, and the connections that each one has enabled: a call for each. Needs `read:organizations` and
 * `read:organization_connections`.
 *
 * @throws {OperatorError} As `attempt` does.
 */
export async function readOrganizations(api: ManagementClient): Promise<OrganizationFacts[]> {
  const organizations: OrganizationFacts[] = []
  for (const { id = '', name = '' } of (await attempt(api.organizations.list({ take: PAGE_SIZE }))).data) {
    const { data } = await attempt(api.organizations.enabledConnections.list(id, { per_page: PAGE_SIZE }))
    const connections = data.map(({ connection }) => ({
      name: connection?.name ?? '',
      strategy: connection?.strategy ?? '',
    }))
    organizations.push({ name, connections })
  }
  return organizations
}

/**
 * Measures the profiles of the accounts that changed last: in one call, since a large tenant cannot be read as a whole here. Needs
 * `read:users`.
 *
 * @throws {OperatorError} As `attempt` does.
 * @see {@link https://auth0.com/docs/api/management/v2/users/get-users List or search users}
 */
export async function readProfiles(api: ManagementClient): Promise<ProfileFacts> {
  const { data } = await attempt(api.users.list({ per_page: PAGE_SIZE, page: 0, sort: 'updated_at:-1' }))
  return {
    sampled: data.length,
    large: data.filter((user) => bytesOf(user) > LARGE_PROFILE_BYTES).length,
  }
}
