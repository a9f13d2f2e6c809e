/**
 * Sessions and refresh tokens in the form that the Management API shows.
 * @module
 */

import type { StoredRefreshToken, StoredSession } from '../model'
import type { TenantState } from '../state'
import { userMissing } from './management-errors'

const DAY_MS = 86_400_000

/** Auth0's default session lifetimes: without use, and in total since the login. */
const IDLE_LIFETIME_MS = 3 * DAY_MS
const ABSOLUTE_LIFETIME_MS = 7 * DAY_MS

/**
 * Returns a session in the form of `GET /sessions/{id}`. Its expiry dates follow Auth0's defaults.
 *
 * @see https://auth0.com/docs/api/management/v2/sessions/get-session
 * @see https://auth0.com/docs/manage-users/sessions/session-lifetime-limits
 */
export function toManagementSession(session: StoredSession): Record<string, unknown> {
  const authenticated = session.auth_time * 1000
  const updated = session.updated_at === undefined ? authenticated : Date.parse(session.updated_at)
  const date = (milliseconds: number) => new Date(milliseconds).toISOString()
  return {
    id: session.id,
    user_id: session.user_id,
    created_at: session.created_at,
    updated_at: date(updated),
    authenticated_at: date(authenticated),
    idle_expires_at: date(updated + IDLE_LIFETIME_MS),
    expires_at: date(authenticated + ABSOLUTE_LIFETIME_MS),
    device: {},
    clients: session.client_ids.map((id) => ({ client_id: id })),
    authentication: { methods: session.methods ?? [] },
  }
}

/**
 * Returns a refresh token in the form of `GET /users/{id}/refresh-tokens`, which never contains the token itself.
 *
 * @see https://auth0.com/docs/api/management/v2/users/get-refresh-tokens-for-user
 */
export function toManagementRefreshToken({
  id,
  created_at,
  grant,
}: StoredRefreshToken): Record<string, unknown> {
  const { userId, clientId, sessionId, audience, scopes } = grant
  return {
    id,
    user_id: userId,
    created_at,
    idle_expires_at: null,
    expires_at: null,
    client_id: clientId,
    session_id: sessionId ?? null,
    rotating: false,
    resource_servers: audience === undefined ? [] : [{ audience, scopes: scopes.join(' ') }],
  }
}

/**
 * Requires that endpoints for a user's sessions and refresh tokens accept this user id: that of an existing user, or of
 * a user that was linked into another one. The latter are refused if
 * `options.answers.removed_user_sessions` is `404`.
 *
 * @throws {ManagementRefusal} 404 `inexistent_user`.
 */
export function requireReachable(state: TenantState, userId: string): void {
  const isRemovedReachable = state.options.answers.removed_user_sessions === 'reachable'
  if (state.users.has(userId) || (isRemovedReachable && state.linkedAway.has(userId))) return
  throw userMissing()
}
