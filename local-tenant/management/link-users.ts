/**
 * Links and unlinks users.
 * @module
 */

import type { StoredIdentity, StoredUser } from '../model'
import { mergeRights } from '../rights'
import type { TenantState } from '../state'
import { endSessions } from './end-access'
import { ManagementRefusal, userMissing } from './management-errors'
import { profileOf } from './management-user'

/**
 * Links a secondary user into a primary user. The primary user keeps its root attributes and metadata. The secondary user is
 * removed, together with its metadata and, unless the option `secondary_rights` is `kept`, its rights. Its profile is kept
 * as `profileData`.
 *
 * @param state - The tenant.
 * @param primary - The user to link into; changed in place.
 * @param named - The secondary user's own identity. `user_id` may begin with the provider and a bar.
 * @param connectionId - If given, the identity must belong to this connection.
 * @throws {ManagementRefusal} 400 if the identity is the primary user's own, unknown or refused; 409 if it is already
 *   linked. `options.answers` can change the status: `link_missing_secondary_status` for an unknown identity,
 *   `link_conflict_status` for one that is already linked.
 * @see https://auth0.com/docs/manage-users/user-accounts/user-account-linking
 */
export function linkUser(
  state: TenantState,
  primary: StoredUser,
  named: { provider: string; user_id: string },
  connectionId?: string,
): void {
  const { answers } = state.options
  const found = findNamed(state, named)
  const connection = state.connections.find(({ id }) => id === connectionId)
  if (!found || (connectionId !== undefined && found.identity.connection !== connection?.name)) {
    if (answers.link_missing_secondary_status === 404) throw userMissing()
    throw new ManagementRefusal(
      400,
      connectionId === undefined
        ? 'Linking to an inexistent identity requires a connection.'
        : 'Linking to an inexistent identity is not allowed.',
    )
  }
  const { user: secondary, identity } = found
  const isOwn = secondary.identities[0] === identity
  if (secondary === primary && isOwn) {
    throw new ManagementRefusal(400, 'Main identity and the new one are the same.')
  }
  if (secondary === primary || !isOwn) {
    throw new ManagementRefusal(answers.link_conflict_status, 'Specified identity already exists.')
  }
  const linked = secondary.identities.slice(1)
  if (linked.length > 0 && answers.secondary_with_identities === 'refuse') {
    throw new ManagementRefusal(400, 'Unable to link with the secondary account.')
  }

  const { password } = secondary
  primary.identities.push({
    ...identity,
    profileData: profileOf(secondary),
    ...(password !== undefined && { password }),
  })
  // With `first_only`, the other identities are lost together with their user.
  if (answers.secondary_with_identities === 'flatten') primary.identities.push(...linked)
  if (answers.secondary_rights === 'kept') mergeRights(primary, secondary)
  primary.updated_at = new Date(state.now()).toISOString()
  state.users.delete(secondary.user_id)
  state.linkedAway.set(secondary.user_id, primary.user_id)
  if (answers.secondary_sessions === 'end') endSessions(state, secondary.user_id)
  state.publish('user.deleted', secondary)
  state.publish('user.updated', primary)
}

/**
 * Removes a linked identity from a user. The identity becomes a separate user again, with its profile and without metadata.
 *
 * @param state - The tenant.
 * @param user - Changed in place.
 * @param named - The identity. If `user_id` begins with the provider and a bar, nothing happens, as at Auth0.
 * @returns Whether anything changed.
 * @throws {ManagementRefusal} 400 if the identity is the user's own, or if the user does not have it.
 * @see https://auth0.com/docs/manage-users/user-accounts/user-account-linking/unlink-user-accounts
 */
export function unlinkIdentity(
  state: TenantState,
  user: StoredUser,
  named: { provider: string; user_id: string },
): boolean {
  const index = user.identities.findIndex((identity) => isNamed(identity, named.provider, named.user_id))
  if (index === 0) throw new ManagementRefusal(400, 'Main identity cannot be removed.')
  const identity = user.identities[index]
  if (identity === undefined) {
    const isPrefixed = named.user_id.startsWith(`${named.provider}|`)
    if (isPrefixed || state.options.answers.unlink_unknown_status === 200) return false
    throw new ManagementRefusal(400, 'The specified identity does not exist.')
  }

  user.identities.splice(index, 1)
  const now = new Date(state.now()).toISOString()
  user.updated_at = now
  const { profileData, password, ...own } = identity
  const userId = `${own.provider}|${own.user_id}`
  state.linkedAway.delete(userId)
  const separate: StoredUser = {
    ...profileData,
    user_id: userId,
    ...(password !== undefined && { password }),
    created_at: now,
    updated_at: now,
    logins_count: 0,
    user_metadata: {},
    app_metadata: {},
    identities: [own],
  }
  state.users.set(userId, separate)
  state.publish('user.updated', user)
  state.publish('user.created', separate)
  return true
}

function findNamed(
  state: TenantState,
  named: { provider: string; user_id: string },
): { user: StoredUser; identity: StoredIdentity } | undefined {
  const { provider, user_id: id } = named
  const prefix = `${provider}|`
  // Try the id as it is first, because an id may itself begin with the provider and a bar.
  for (const raw of id.startsWith(prefix) ? [id, id.slice(prefix.length)] : [id]) {
    const user = state.findUserByIdentity(provider, raw)
    const identity = user?.identities.find((each) => isNamed(each, provider, raw))
    if (user && identity) return { user, identity }
  }
  return undefined
}

function isNamed(identity: StoredIdentity, provider: string, id: string): boolean {
  return identity.provider === provider && identity.user_id === id
}
