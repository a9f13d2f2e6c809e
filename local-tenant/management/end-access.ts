/**
 * Ends sessions and refresh tokens.
 * @module
 */
import type { TenantState } from '../state'

/**
 * Ends a session for good: the browser has to log in again, even if a login with this session is still under way.
 *
 * @param state - The tenant.
 * @param id - The session's id. Such a session need not exist.
 */
function endSession(state: TenantState, id: string): void {
  state.sessions.delete(id)
  state.endedSessions.add(id)
}

/** Ends all sessions of a user. */
export function endSessions(state: TenantState, userId: string): void {
  for (const id of sessionsOf(state, userId)) endSession(state, id)
}

/** Ends all refresh tokens of a user. */
export function endRefreshTokens(state: TenantState, userId: string): void {
  for (const token of refreshTokensOf(state, userId)) state.refreshTokens.delete(token)
}

/**
 * Ends a session as the Management API does: the response is 202 at once, and the session ends `options.ending_delay_ms`
 * milliseconds later. Until then `/authorize` reuses it and lists show it.
 *
 * @param id - The session's id. Such a session need not exist.
 */
export function endSessionLater(state: TenantState, id: string): void {
  state.endLater(() => endSession(state, id))
}

/** Ends all sessions that a user has now, as {@link endSessionLater} does. Sessions that begin later are not ended. */
export function endSessionsLater(state: TenantState, userId: string): void {
  const ids = sessionsOf(state, userId)
  state.endLater(() => {
    for (const id of ids) endSession(state, id)
  })
}

/**
 * Ends one refresh token, with the same delay as {@link endSessionLater}.
 *
 * @param id - The token's id in the Management API.
 */
export function endRefreshTokenLater(state: TenantState, id: string): void {
  const found = [...state.refreshTokens].find(([, stored]) => stored.id === id)
  if (found) state.endLater(() => state.refreshTokens.delete(found[0]))
}

/** Ends all refresh tokens that a user has now, with the same delay as {@link endSessionLater}. */
export function endRefreshTokensLater(state: TenantState, userId: string): void {
  const tokens = refreshTokensOf(state, userId)
  state.endLater(() => {
    for (const token of tokens) state.refreshTokens.delete(token)
  })
}

const sessionsOf = (state: TenantState, userId: string): string[] =>
  [...state.sessions.values()].filter(({ user_id }) => user_id === userId).map(({ id }) => id)

const refreshTokensOf = (state: TenantState, userId: string): string[] =>
  [...state.refreshTokens].filter(([, { grant }]) => grant.userId === userId).map(([token]) => token)
