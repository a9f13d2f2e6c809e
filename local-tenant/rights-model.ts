/**
 * The rights of an account: its roles, permissions, organization memberships and authentication methods. They refer to roles
 * and organizations by name, as the world JSON does; the Management API shows ids instead.
 * @module
 */

/** A role of the tenant, as the Management API shows it. */
export interface StoredRole {
  id: string
  name: string
  description: string
}

/** A permission that an account has directly, not through a role. */
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

/** The types of authentication methods that the tenant supports. */
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

/** An authentication method. The record is not masked; the Management API masks email addresses and phone numbers. */
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

/** A ticket with which a user can enroll a second factor once. */
export interface EnrollmentTicket {
  userId: string
  /** Milliseconds since the epoch. */
  expiresAt: number
  /** Whether a user who already has a second factor may enroll another one. */
  allowsMore: boolean
}

/** The rights of one account. */
export interface UserRights {
  roles: string[]
  permissions: Permission[]
  organizations: Membership[]
  authentication_methods: StoredMethod[]
}
