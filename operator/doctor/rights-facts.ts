/**
 * Reads what decides whether rights can be carried over, and how large profiles are, with the service's own credentials.
 * @module
 */
import { OrganizationsClient } from 'auth0/organizations'
import { UsersClient } from 'auth0/users'
import { bytesOf } from '../../core'
import { attempt } from '../shared/tenant-reads'
import { LARGE_PROFILE_BYTES, type OrganizationFacts, type ProfileFacts } from './facts'

/** The Management API with the service's own credentials, at the domain where the service calls it. */
export interface OwnAccess {
  /** Ends with `/api/v2`. */
  baseUrl: string
  token: string
  maxRetries: number
}

/** Organizations that are looked at, and accounts: one page. */
const PAGE_SIZE = 100

/**
 * Reads the first organizations, and the connections that each one has enabled: a call for each. Needs `read:organizations` and
 * `read:organization_connections`.
 *
 * @throws {OperatorError} As `attempt` does.
 */
export async function readOrganizations(access: OwnAccess): Promise<OrganizationFacts[]> {
  const client = new OrganizationsClient(access)
  const organizations: OrganizationFacts[] = []
  for (const { id = '', name = '' } of (await attempt(client.list({ take: PAGE_SIZE }))).data) {
    const { data } = await attempt(client.enabledConnections.list(id, { per_page: PAGE_SIZE }))
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
export async function readProfiles(access: OwnAccess): Promise<ProfileFacts> {
  const { data } = await attempt(
    new UsersClient(access).list({ per_page: PAGE_SIZE, page: 0, sort: 'updated_at:-1' }),
  )
  return {
    sampled: data.length,
    large: data.filter((user) => bytesOf(user) > LARGE_PROFILE_BYTES).length,
  }
}
