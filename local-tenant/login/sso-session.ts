/**
 * The SSO session of a browser.
 * @module
 */
import type { Context } from 'hono'
import type { AuthenticationMethod, AuthorizationRequest, Door, StoredSession, StoredUser } from '../model'
import type { TenantState } from '../state'
import { clearBrowserCookie, readBrowserCookie, setBrowserCookie } from './browser-cookies'
import { findOrganization, mayUse } from './organization'
import { type PostLogin, randomToken } from './transactions'

/** The `acr_values` entry that asks for a second factor. */
export const MULTI_FACTOR = 'http://schemas.openid.net/pape/policies/2007/06/multi-factor'

/** Returns the session of the browser, if it has one. */
export function browserSession(state: TenantState, context: Context, door: Door): StoredSession | undefined {
  return state.sessions.get(readBrowserCookie(context, door, 'session') ?? '')
}

/**
 * Says whether a session is enough for an authorization request, so that no new login is needed.
 *
 * @param state - The tenant.
 * @param session - The browser's session.
 * @param request - The request.
 */
export function isReusable(
  state: TenantState,
  session: StoredSession,
  request: AuthorizationRequest,
): boolean {
  const age = state.now() / 1000 - session.auth_time
  return (
    state.users.has(session.user_id) &&
    !request.prompt.includes('login') &&
    !request.prompt.includes('select_account') &&
    // With `max_age=0`, even a login in the same second is too old.
    request.maxAge !== 0 &&
    age <= (request.maxAge ?? Number.POSITIVE_INFINITY) &&
    (request.connection === undefined || request.connection === session.identity.connection) &&
    mayUse(findOrganization(state, request.organization), session.identity.connection) &&
    (!request.acrValues.includes(MULTI_FACTOR) || session.amr.includes('mfa'))
  )
}

/**
 * Starts the session of a login. If the browser has a session of the same user, that session is renewed. A session of
 * another user is replaced.
 *
 * @param identity - The identity that was used to log in.
 * @param methods - How the user authenticated.
 */
export function startSession(
  state: TenantState,
  context: Context,
  door: Door,
  user: StoredUser,
  identity: StoredSession['identity'],
  methods: AuthenticationMethod[],
): StoredSession {
  const before = browserSession(state, context, door)
  const isSameUser = before?.user_id === user.user_id
  if (before && !isSameUser) state.sessions.delete(before.id)
  const session: StoredSession = {
    id: isSameUser ? before.id : randomToken(),
    user_id: user.user_id,
    identity,
    auth_time: Math.floor(state.now() / 1000),
    amr: methods.map(({ name }) => name),
    created_at: isSameUser ? before.created_at : new Date(state.now()).toISOString(),
    client_ids: isSameUser ? before.client_ids : [],
    methods,
  }
  state.sessions.set(session.id, session)
  setBrowserCookie(context, door, 'session', session.id)
  return session
}

/**
 * Sets the session that the browser keeps after a login. Usually that is the session of this login. If another login took
 * place in the browser while this one was suspended, the session of the other login is kept instead, unless the option
 * `sso_after_nested` is `first`. A session that the Management API has ended is never kept.
 *
 * @param login - The login that succeeded.
 * @param user - The user that the login ended with.
 */
export function settleSession(
  state: TenantState,
  context: Context,
  login: PostLogin,
  user: StoredUser,
): void {
  if (!login.session) return
  const { door, client } = login
  const present = browserSession(state, context, door)
  const own = state.sessions.get(login.session.id) ?? login.session
  own.user_id = user.user_id
  own.methods = login.methods
  own.updated_at = new Date(state.now()).toISOString()
  if (!own.client_ids.includes(client.client_id)) own.client_ids.push(client.client_id)
  const isOwnEnded = state.endedSessions.has(own.id)
  const isLastKept = isOwnEnded || state.options.answers.sso_after_nested === 'last'
  if (present && present.id !== own.id && isLastKept) {
    // In the meantime, the user of the other login may have been linked into the user of this login.
    const holder = state.findUserByIdentity(present.identity.provider, present.identity.user_id)
    if (holder?.user_id === user.user_id) present.user_id = user.user_id
    return
  }
  if (isOwnEnded) return
  if (present && present.id !== own.id) state.sessions.delete(present.id)
  state.sessions.set(own.id, own)
  setBrowserCookie(context, door, 'session', own.id)
}

/** Ends the browser's session and deletes its cookie. */
export function endSession(state: TenantState, context: Context, door: Door): void {
  const session = browserSession(state, context, door)
  if (session) state.sessions.delete(session.id)
  clearBrowserCookie(context, door, 'session')
}
