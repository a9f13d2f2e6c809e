/**
 * Logins to an organization.
 * @module
 */
import type { Grant } from '../model'
import type { TenantState } from '../state'
import type { StoredOrganization } from '../world/brand'

/**
 * Finds the organization that a request names: by its id, or by its name if the tenant's settings allow that.
 *
 * @param named - The parameter `organization`, if the request has it.
 * @see https://auth0.com/docs/manage-users/organizations/configure-organizations/use-org-name-authentication-api
 */
export function findOrganization(
  { brand }: TenantState,
  named: string | undefined,
): StoredOrganization | undefined {
  const { allow_organization_name_in_authentication_api: areNamesAllowed = true } = brand.settings
  return brand.organizations.find(({ id, name }) => id === named || (areNamesAllowed && name === named))
}

/** Says whether a login may use a connection. In a login to an organization, the connection must be enabled for it. */
export function mayUse(organization: StoredOrganization | undefined, connection: string): boolean {
  return organization?.connections?.includes(connection) ?? true
}

/**
 * Returns the claims `org_id` and, if the tenant's settings allow names, `org_name`.
 *
 * @see https://auth0.com/docs/manage-users/organizations/using-tokens
 */
export function organizationClaims(
  { brand }: TenantState,
  { organization }: Pick<Grant, 'organization'>,
): Record<string, string> {
  if (!organization) return {}
  const { allow_organization_name_in_authentication_api: areNamesAllowed = true } = brand.settings
  return { org_id: organization.id, ...(areNamesAllowed && { org_name: organization.name }) }
}
