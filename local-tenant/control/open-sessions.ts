/**
 * Creates sessions and refresh tokens for tests, so that a test does not have to sign in for each.
 * @module
 */
import { randomToken } from '../login/transactions'
import type { TenantState } from '../state'

/** The ids of the created sessions, and the created refresh tokens. */
export interface OpenedSessions {
  sessions: string[]
  refresh_tokens: string[]
}

/**
 * Creates sessions of a user at the other application (the client `demo-other`), as if the user had just signed in there
 * with the named identity.
 *
 * @param userId - The id of a user, or `provider|id` of a linked identity. The sessions of a linked identity belong to the
 *   user that has it.
 * @param count - How many sessions to create.
 * @param refreshTokens - How many refresh tokens of that application to create.
 * @returns The session ids and refresh tokens. A session id is the value of the cookies `auth0_session_PORT` and
 *   `auth0_session_PORT_compat`, where PORT is the port of the tenant's domain.
 * @throws {Error} If there is no such user.
 */
export function openSessions(
  state: TenantState,
  userId: string,
  count: number,
  refreshTokens: number,
): OpenedSessions {
  const bar = userId.indexOf('|')
  const user = state.findUserByIdentity(userId.slice(0, bar), userId.slice(bar + 1))
  const own = user?.identities.find((each) => `${each.provider}|${each.user_id}` === userId)
  if (!user || !own) throw new Error(`there is no user ${userId}`)
  const { provider, user_id, connection } = own
  const identity = { provider, user_id, connection }
  const now = state.now()
  const date = new Date(now).toISOString()
  const name = provider === 'auth0' ? 'pwd' : provider === 'email' ? 'email' : 'federated'
  const authTime = Math.floor(now / 1000)
  const open = {
    sessions: Array.from({ length: count }, randomToken),
    refresh_tokens: Array.from({ length: refreshTokens }, randomToken),
  }
  for (const id of open.sessions)
    state.sessions.set(id, {
      id,
      user_id: user.user_id,
      identity,
      auth_time: authTime,
      amr: [name],
      created_at: date,
      client_ids: ['demo-other'],
      methods: [{ name, timestamp: date }],
    })
  const { loginOrigin } = state.settings
  for (const token of open.refresh_tokens)
    state.refreshTokens.set(token, {
      id: randomToken(),
      created_at: date,
      grant: {
        clientId: 'demo-other',
        userId: user.user_id,
        identity,
        door: { name: 'login', origin: loginOrigin, issuer: `${loginOrigin}/` },
        scopes: ['openid', 'email', 'offline_access'],
        audience: undefined,
        authTime,
        amr: [name],
        methods: [{ name, timestamp: date }],
        idTokenClaims: {},
        accessTokenClaims: {},
        issuedAt: now,
      },
    })
  return open
}
