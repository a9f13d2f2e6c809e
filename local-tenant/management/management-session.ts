/**
 * Sessions and refresh tokens as the Management API shows them.
 * @module
 */

import type { StoredRefreshToken, StoredSession } from '../model'
import type { TenantState } from '../state'
import { userMissing } from './management-errors'

const A_DAY = 86_400_000

/** What Auth0 gives a session by default, in milliseconds: between two uses, and from its login on. */
const IDLE_LIFE = 3 * A_DAY
const WHOLE_LIFE = 7 * A_DAY

/**
 * A session as `GET /sessions/{id}` shows it. Its expiry dates are those of Auth0's defaults.
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
    idle_expires_at: date(updated + IDLE_LIFE),
    expires_at: date(authenticated + WHOLE_LIFE),
    device: {},
    clients: session.client_ids.map((id) => ({ client_id: id })),
    authentication: { methods: session.methods ?? [] },
  }
}

/**
 * A refresh token as `GET /users/{id}/refresh-tokens` lists it: never the token itself.
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
 * Lets the id of a user pass whose sessions and refresh tokens can be managed: also one that was linked away, unless the
 * options say otherwise.
 *
 * @throws {ManagementRefusal} 404 `inexistent_user`.
 */
export function requireReachable(state: TenantState, userId: string): void {
  const isRemovedReachable = state.options.answers.removed_user_sessions === 'reachable'
  if (state.users.has(userId) || (isRemovedReachable && state.linkedAway.has(userId))) return
  throw userMissing()
}
