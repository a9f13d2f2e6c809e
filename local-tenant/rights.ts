/**
 * Reads and merges the rights of accounts.
 * @module
 */
import type { StoredUser } from './model'
import type { Membership, Permission, StoredMethod, UserRights } from './rights-model'

/**
 * Auth0's names of second factors, by the type of the authentication method. Passkeys are missing because they are a first
 * factor. Recovery codes do not count as a factor either.
 */
const FACTORS: Partial<Record<StoredMethod['type'], string>> = {
  totp: 'otp',
  phone: 'phone',
  email: 'email',
  push: 'push-notification',
  'webauthn-roaming': 'webauthn-roaming',
  'webauthn-platform': 'webauthn-platform',
}

/**
 * Returns the authentication method's type for a second factor, or undefined if there is no such factor.
 *
 * @param factor - Auth0's name, for example `otp`.
 */
export function typeOfFactor(factor: string): StoredMethod['type'] | undefined {
  const found = Object.entries(FACTORS).find(([, name]) => name === factor)
  return found?.[0] as StoredMethod['type'] | undefined
}

/** Returns the rights of an account. The result is not a copy: changes to it change the account. */
export function rightsOf(user: StoredUser): UserRights {
  user.rights ??= { roles: [], permissions: [], organizations: [], authentication_methods: [] }
  return user.rights
}

/** Returns Auth0's names of an account's second factors, each once. The flag `mfa` counts as a one-time code (`otp`). */
export function factorsOf(user: StoredUser): string[] {
  const enrolled = user.rights?.authentication_methods.flatMap(({ type }) => FACTORS[type] ?? []) ?? []
  return [...new Set([...(user.mfa ? ['otp'] : []), ...enrolled])]
}

/** Returns an account's membership of the organization with this name, if there is one. */
export function membershipOf(user: StoredUser, organization: string): Membership | undefined {
  return user.rights?.organizations.find(({ name }) => name === organization)
}

/**
 * Returns the names of the roles that count in a login: those of the account, or, in a login to an organization, only those
 * of its membership.
 *
 * @param user - The account.
 * @param organization - The name of the organization that the login is for, if any.
 * @see https://auth0.com/docs/manage-users/organizations/configure-organizations/add-member-roles
 */
export function effectiveRoles(user: StoredUser, organization: string | undefined): string[] {
  return (organization === undefined ? user.rights : membershipOf(user, organization))?.roles ?? []
}

/**
 * Adds the rights of `other` to `user`, including the flag `mfa`. A role, permission or membership that both have is not
 * added twice.
 */
export function mergeRights(user: StoredUser, other: StoredUser): void {
  const own = rightsOf(user)
  const { roles, permissions, organizations, authentication_methods: methods } = rightsOf(other)
  own.roles = [...new Set([...own.roles, ...roles])]
  own.permissions.push(...permissions.filter((permission) => !holdsPermission(user, permission)))
  for (const { name, roles: roleNames } of organizations) {
    const known = membershipOf(user, name)
    if (known) known.roles = [...new Set([...known.roles, ...roleNames])]
    else own.organizations.push({ name, roles: roleNames })
  }
  own.authentication_methods.push(...methods)
  if (other.mfa) user.mfa = true
}

/** Says whether an account has a permission directly, not through a role. */
export function holdsPermission(user: StoredUser, wanted: Permission): boolean {
  return rightsOf(user).permissions.some((held) => isSamePermission(held, wanted))
}

/** Says whether two permissions are the same. */
export function isSamePermission(one: Permission, other: Permission): boolean {
  return (
    one.resource_server_identifier === other.resource_server_identifier &&
    one.permission_name === other.permission_name
  )
}
