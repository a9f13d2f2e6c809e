/**
 * Ending what a user has open.
 * @module
 */
import type { TenantState } from '../state'

/**
 * Ends a session for good: the browser has to log in again, also where a login on this session is still under way.
 *
 * @param state - The tenant.
 * @param id - A session's; one that is not there is as good as ended.
 */
export function endSession(state: TenantState, id: string): void {
  state.sessions.delete(id)
  state.endedSessions.add(id)
}

/** Ends the sessions of a user. */
export function endSessions(state: TenantState, userId: string): void {
  for (const session of [...state.sessions.values()]) {
    if (session.user_id === userId) endSession(state, session.id)
  }
}

/** Ends the refresh tokens of a user. */
export function endRefreshTokens(state: TenantState, userId: string): void {
  for (const [token, { grant }] of [...state.refreshTokens]) {
    if (grant.userId === userId) state.refreshTokens.delete(token)
  }
}
