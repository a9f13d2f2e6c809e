/**
 * What an account holds beside its profile: roles, permissions, memberships of organizations, and ways to authenticate. A user's
 * rights name roles and organizations by their names, as a world does; the Management API shows their ids.
 * @module
 */
import type { StoredUser } from './model'

/** A role of the tenant, as the Management API shows it. */
export interface StoredRole {
  id: string
  name: string
  description: string
}

/** A permission that an account holds directly, not through a role. */
export interface Permission {
  resource_server_identifier: string
  permission_name: string
}

/** A membership of an organization. */
export interface Membership {
  /** The organization's name. */
  name: string
  /** Names of the roles that the account has in logins to this organization. */
  roles: string[]
}

/** The kinds of authentication methods that the tenant knows. */
export const METHOD_TYPES = [
  'totp',
  'phone',
  'email',
  'passkey',
  'webauthn-roaming',
  'webauthn-platform',
  'push',
  'recovery-code',
] as const

/** An authentication method. Values are stored whole; the Management API masks addresses and phone numbers. */
export interface StoredMethod {
  id: string
  type: (typeof METHOD_TYPES)[number]
  created_at: string
  name?: string | undefined
  phone_number?: string | undefined
  email?: string | undefined
  preferred_authentication_method?: 'sms' | 'voice' | undefined
  key_id?: string | undefined
  public_key?: string | undefined
  relying_party_identifier?: string | undefined
}

/** Lets a user enrol a second factor, once. */
export interface EnrollmentTicket {
  userId: string
  /** Milliseconds since the epoch. */
  expiresAt: number
  /** Whether a user who has a factor may enrol another one. */
  allowsMore: boolean
}

/** The rights of one account. */
export interface UserRights {
  roles: string[]
  permissions: Permission[]
  organizations: Membership[]
  authentication_methods: StoredMethod[]
}

/** Auth0's names of the second factors that a login can ask for. A passkey is a first factor. */
const FACTORS: Partial<Record<StoredMethod['type'], string>> = {
  totp: 'otp',
  phone: 'phone',
  email: 'email',
  push: 'push-notification',
  'webauthn-roaming': 'webauthn-roaming',
  'webauthn-platform': 'webauthn-platform',
}

/** Returns the rights of an account. Changes to the result are changes to the account. */
export function rightsOf(user: StoredUser): UserRights {
  user.rights ??= { roles: [], permissions: [], organizations: [], authentication_methods: [] }
  return user.rights
}

/** Returns the names of an account's second factors, without repetition; `mfa` counts as a one-time code. */
export function factorsOf(user: StoredUser): string[] {
  const enrolled = user.rights?.authentication_methods.flatMap(({ type }) => FACTORS[type] ?? []) ?? []
  return [...new Set([...(user.mfa ? ['otp'] : []), ...enrolled])]
}

/** Returns an account's membership of an organization, if it has one. */
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

/** Gives an account everything that another one holds, `mfa` included. What both hold is held once. */
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

/** Says whether an account holds a permission directly. */
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
