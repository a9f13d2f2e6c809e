/**
 * Changes to users that the schema allows but Auth0 refuses, depending on the user's connection.
 * @module
 */

import type { StoredConnection, StoredUser } from '../model'
import type { TenantState } from '../state'
import { ManagementRefusal } from './management-errors'
import type { NewUser, UserChange } from './user-payload'

/** Strategies whose users Auth0 stores itself. Users of all other strategies come from an identity provider. */
const DATABASE = 'auth0'
const PASSWORDLESS = ['email', 'sms']
/** Strategies of enterprise providers. */
const ENTERPRISE = [
  ...['ad', 'adfs', 'auth0-adldap', 'custom', 'google-apps', 'ip', 'office365', 'oidc', 'okta'],
  ...['pingfederate', 'samlp', 'sharepoint', 'waad'],
]
/** Attributes that a provider overwrites at each login, unless the connection says otherwise. */
const SYNCED_ATTRIBUTES = ['family_name', 'given_name', 'name', 'nickname', 'picture'] as const
/** Pairs of attributes that cannot be changed in one request. */
const EXCLUSIVE_PAIRS = [
  ['password', 'email'],
  ['password', 'email_verified'],
  ['username', 'email'],
  ['username', 'email_verified'],
  ['username', 'password'],
] as const

const refuse = (message: string, errorCode = 'operation_not_supported') =>
  new ManagementRefusal(400, message, errorCode)

/**
 * Refuses a change that Auth0 does not allow for a user of this connection.
 *
 * @param user - The stored user.
 * @param change - The requested change.
 * @throws {ManagementRefusal} 400 `invalid_body`, `operation_not_supported` or `auth0_idp_error`.
 * @see https://auth0.com/docs/api/management/v2/users/patch-users-by-id
 */
export function assertChangeable(state: TenantState, user: StoredUser, change: UserChange): void {
  for (const [one, other] of EXCLUSIVE_PAIRS)
    if (change[one] !== undefined && change[other] !== undefined)
      throw refuse(`Cannot update ${one} and ${other} simultaneously.`, 'invalid_body')
  const [own] = user.identities
  const identity =
    change.connection === undefined
      ? own
      : user.identities.find(({ connection }) => connection === change.connection)
  if (!identity) return
  const { provider: strategy, connection: name } = identity
  const connection = state.connections.find((each) => each.name === name)
  assertSyncedAttributes(strategy, connection, change, identity !== own)
  const isDatabase = strategy === DATABASE
  if (change.email !== undefined && !isDatabase && strategy !== 'email')
    throw refuse('Cannot update email for non-database user.')
  if (change.password !== undefined && !isDatabase)
    throw refuse('Connection is not supported for this operation.')
  if (change.email_verified !== undefined && ENTERPRISE.includes(strategy))
    throw refuse('Email verification is not supported for enterprise users.')
  if (change.username) assertUsername(connection)
  const email = change.email?.toLowerCase()
  const holder = email === undefined ? undefined : state.findAccount(name, email)
  if (holder && holder.user.user_id !== user.user_id)
    throw refuse('The specified new email already exists', 'auth0_idp_error')
}

function assertSyncedAttributes(
  strategy: string,
  connection: StoredConnection | undefined,
  change: UserChange,
  isSecondary: boolean,
): void {
  const named = SYNCED_ATTRIBUTES.filter((name) => change[name] !== undefined)
  const updated = named.filter((name) => change[name] !== null).join(', ')
  const removed = named.filter((name) => change[name] === null).join(', ')
  if (named.length === 0) return
  if (isSecondary)
    throw refuse(
      `The following user attributes cannot be updated: ${named.join(', ')}. The specified connection belongs to a secondary identity.`,
    )
  const isKept = strategy === DATABASE || PASSWORDLESS.includes(strategy)
  const { set_user_root_attributes: sync } = connection?.options ?? {}
  const isSynced = !isKept && sync !== 'on_first_login' && sync !== 'never_on_login'
  const subject = `The connection (${connection?.name ?? strategy})`
  if (updated !== '' && isSynced)
    throw refuse(
      `The following user attributes cannot be updated: ${updated}. ${subject} must either be a database connection (using the Auth0 store), a passwordless connection (email or sms) or has disabled 'Sync user profile attributes at each login'.`,
    )
  if (removed !== '' && isKept)
    throw refuse(
      `The following user attributes cannot be removed: ${removed}. ${subject} must either be a custom database connection with import mode disabled, a social or enterprise connection.`,
    )
  if (removed !== '' && isSynced)
    throw refuse(
      `The following user attributes cannot be removed: ${removed}. ${subject} should have disabled 'Sync user profile attributes at each login' or defined these attributes in 'options.non_persistent_attrs' array.`,
    )
}

function assertUsername(connection: StoredConnection | undefined): void {
  if (connection?.options.requires_username !== true)
    throw refuse('Cannot set username for connection without requires_username.')
}

/**
 * Refuses a user that Auth0 does not allow in this connection.
 *
 * @param connection - The connection that the request names.
 * @param input - The body of `POST /users`.
 * @throws {ManagementRefusal} 400 `operation_not_supported` or `invalid_body`.
 * @see https://auth0.com/docs/api/management/v2/users/post-users
 */
export function assertCreatable(connection: StoredConnection, input: NewUser): void {
  const { strategy } = connection
  if (strategy !== DATABASE && !PASSWORDLESS.includes(strategy))
    throw refuse(
      'Connection does not support user creation through the API. It must either be a database or passwordless connection.',
    )
  const needed =
    strategy === DATABASE ? ['email', 'password'] : [strategy === 'sms' ? 'phone_number' : 'email']
  const missing = needed.find((name) => input[name as keyof NewUser] === undefined)
  if (missing !== undefined)
    throw refuse(`Payload validation error: 'Missing required property: ${missing}'.`, 'invalid_body')
  if (input.username !== undefined) assertUsername(connection)
}
