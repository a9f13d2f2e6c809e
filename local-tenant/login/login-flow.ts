/**
 * From an authenticated user to the answer the application gets.
 * @module
 */
import type { Context } from 'hono'
import { type PostLoginOutcome, runPostLogin } from '../actions/post-login'
import type { AuthenticationMethod, AuthorizationRequest, Grant, StoredSession, StoredUser } from '../model'
import type { TenantEnv } from '../tenant-env'
import { actionRequest, type TenantParts } from '../tenant-parts'
import { grantedScopes } from './access-token'
import { authorizationResponse } from './authorization-response'
import { countLogin } from './count-login'
import { implicitTokens } from './implicit-tokens'
import { isImplicit } from './response-type'
import { MULTI_FACTOR, settleSession, startSession } from './sso-session'
import { type LoginTransaction, opaque, type PostLogin, untouched } from './transactions'

/**
 * Goes on once the first factor is proven: to the second one, or to the Actions.
 *
 * @param parts - The tenant.
 * @param context - The request that proved it.
 * @param transaction - The login; ends here unless a second factor is wanted.
 * @param identity - The identity that was proven; its user may hold it as a linked one.
 * @param factor - The name of the method: `pwd`, `federated` or `email`.
 */
export function firstFactorProven(
  parts: TenantParts,
  context: Context<TenantEnv>,
  transaction: LoginTransaction,
  identity: StoredSession['identity'],
  factor: string,
): Response | Promise<Response> {
  const { state } = parts
  const user = state.findUserByIdentity(identity.provider, identity.user_id)
  if (!user || user.blocked) {
    parts.transactions.logins.delete(transaction.id)
    return authorizationResponse(parts, context, transaction.request, {
      error: 'unauthorized',
      error_description: 'user is blocked',
    })
  }
  const method = { name: factor, timestamp: new Date(state.now()).toISOString() }
  if (state.options.mfa_order === 'before' && wantsFactor(user, transaction.request)) {
    transaction.identified = { identity, method }
    return context.redirect(`/u/mfa?state=${transaction.id}`, 302)
  }
  return authenticated(parts, context, transaction, user, identity, [method])
}

/** Whether a login needs a second factor: of the user, or for the application. */
function wantsFactor({ mfa }: StoredUser, { acrValues }: AuthorizationRequest): boolean {
  return mfa === true || acrValues.includes(MULTI_FACTOR)
}

/**
 * Starts the browser's session and runs the Actions of a login whose user has proven everything asked for.
 *
 * @param methods - What was done to authenticate.
 */
export function authenticated(
  parts: TenantParts,
  context: Context<TenantEnv>,
  transaction: LoginTransaction,
  user: StoredUser,
  identity: StoredSession['identity'],
  methods: AuthenticationMethod[],
): Promise<Response> {
  parts.transactions.logins.delete(transaction.id)
  const session = startSession(parts.state, context, transaction.door, user, identity, methods)
  return enterActions(parts, context, transaction, session)
}

/**
 * Runs the Actions of a login on a session, a new one or one that is reused.
 *
 * @param session - The browser's session. It exists before any Action runs, and stays whatever they decide.
 */
export async function enterActions(
  parts: TenantParts,
  context: Context<TenantEnv>,
  transaction: LoginTransaction,
  session: StoredSession,
): Promise<Response> {
  const { state } = parts
  const { request, client, door } = transaction
  const user = state.users.get(session.user_id)
  if (user) countLogin(parts, context, user)
  const login: PostLogin = {
    transactionId: transaction.id,
    door,
    client,
    request,
    session,
    protocol: isImplicit(request.responseTypes) ? 'oidc-implicit-profile' : 'oidc-basic-profile',
    browser: transaction.browser,
    scopes: request.scopes,
    userId: session.user_id,
    identity: session.identity,
    methods: [...(session.methods ?? [])],
    wantsFactor: user !== undefined && wantsFactor(user, request),
    ...untouched(),
  }
  const seen = { method: context.req.method, query: request.query, body: {} }
  const outcome = await runPostLogin(parts, login, actionRequest(parts, context, seen))
  return answerLogin(parts, context, login, outcome)
}

/**
 * Answers the browser once Actions have run: on to where an Action sent it, or back to the application.
 *
 * @param login - The login.
 * @param outcome - How its Actions ended.
 */
export async function answerLogin(
  parts: TenantParts,
  context: Context<TenantEnv>,
  login: PostLogin,
  outcome: PostLoginOutcome,
): Promise<Response> {
  const { request, session } = login
  if (outcome.kind === 'suspended') {
    context.header('cache-control', 'no-store')
    return context.redirect(outcome.url, 302)
  }
  if (!request || !session) throw new Error('a login without a browser has no answer for one')
  if (outcome.kind === 'denied') {
    return authorizationResponse(parts, context, request, {
      error: outcome.error,
      error_description: outcome.description,
    })
  }
  if (lacksFactor(parts, login, outcome.user)) return askForFactor(parts, context, login, request)
  return complete(parts, context, { ...login, request, session }, outcome.user)
}

/** Auth0 asks for the second factor once every Action has run, and not again in a session that has it. */
function lacksFactor(
  { state }: TenantParts,
  { wantsFactor, methods }: PostLogin,
  { mfa }: StoredUser,
): boolean {
  const isWanted = state.options.mfa_order === 'after' && (wantsFactor || mfa === true)
  return isWanted && !methods.some(({ name }) => name === 'mfa')
}

function askForFactor(
  parts: TenantParts,
  context: Context<TenantEnv>,
  login: PostLogin,
  request: AuthorizationRequest,
): Response | Promise<Response> {
  if (request.prompt.includes('none')) {
    return authorizationResponse(parts, context, request, {
      error: 'interaction_required',
      error_description: 'Multifactor authentication required',
    })
  }
  const { transactionId: id, door, browser = '', client } = login
  parts.transactions.logins.set(id, { id, door, browser, client, request, ran: login })
  context.header('cache-control', 'no-store')
  return context.redirect(`/u/mfa?state=${id}`, 302)
}

/**
 * Ends a login whose Actions have run, once its second factor is proven.
 *
 * @param transaction - Ends here.
 * @param factor - What was done.
 */
export function factorProven(
  parts: TenantParts,
  context: Context<TenantEnv>,
  transaction: LoginTransaction,
  login: PostLogin,
  factor: AuthenticationMethod,
): Response | Promise<Response> {
  const { state, transactions } = parts
  transactions.logins.delete(transaction.id)
  login.methods.push(factor)
  const stored = login.session && state.sessions.get(login.session.id)
  for (const session of new Set([login.session, stored]))
    if (session) session.amr = [...session.amr, factor.name]
  const user = state.users.get(login.userId)
  if (user) return answerLogin(parts, context, login, { kind: 'completed', user })
  const description = 'Unable to construct login user'
  return answerLogin(parts, context, login, { kind: 'denied', error: 'access_denied', description })
}

async function complete(
  parts: TenantParts,
  context: Context<TenantEnv>,
  login: PostLogin & Required<Pick<PostLogin, 'request' | 'session'>>,
  user: StoredUser,
): Promise<Response> {
  const { state, transactions } = parts
  const { request, session } = login
  settleSession(state, context, login, user)
  const grant: Grant = {
    clientId: login.client.client_id,
    userId: user.user_id,
    identity: login.identity,
    door: login.door,
    scopes: grantedScopes(state, login.scopes, request.audience),
    audience: request.audience,
    sessionId: session.id,
    authTime: session.auth_time,
    amr: session.amr,
    methods: login.methods,
    idTokenClaims: login.idTokenClaims,
    accessTokenClaims: login.accessTokenClaims,
    nonce: request.nonce,
    redirectUri: request.redirectUri,
    codeChallenge: request.codeChallenge,
    issuedAt: state.now(),
  }
  if (isImplicit(request.responseTypes)) {
    const tokens = await implicitTokens(state, grant, user, request.responseTypes)
    return authorizationResponse(parts, context, request, tokens)
  }
  const code = opaque()
  transactions.codes.set(code, grant)
  return authorizationResponse(parts, context, request, { code })
}
