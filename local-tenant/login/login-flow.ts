/**
 * The steps of a login from the first factor to the response that the application gets.
 * @module
 */
import type { Context } from 'hono'
import { type PostLoginOutcome, runPostLogin } from '../actions/post-login'
import type { AuthenticationMethod, AuthorizationRequest, Grant, StoredSession, StoredUser } from '../model'
import { factorsOf, membershipOf } from '../rights'
import type { TenantEnv } from '../tenant-env'
import { actionRequest, type TenantParts } from '../tenant-parts'
import { grantedScopes } from './access-token'
import { authorizationResponse } from './authorization-response'
import { askToEnroll, recordFactor } from './enroll'
import { implicitTokens } from './implicit-tokens'
import { findOrganization } from './organization'
import { recordLogin } from './record-login'
import { isImplicit } from './response-type'
import { MULTI_FACTOR, settleSession, startSession } from './sso-session'
import { initialLoginState, type LoginTransaction, type PostLogin, randomToken } from './transactions'

/**
 * Continues a login after the first factor was proven. Runs the Actions, or first asks for the second factor if the option
 * `mfa_order` is `before`.
 *
 * @param parts - The tenant.
 * @param context - The request that proved the factor.
 * @param transaction - The login. It is removed unless a second factor is needed now.
 * @param identity - The identity that was proven. It may be a linked identity of its user.
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
  if (state.options.mfa_order === 'before' && needsFactor(user, transaction.request)) {
    transaction.identified = { identity, method }
    return context.redirect(`/u/mfa?state=${transaction.id}`, 302)
  }
  return authenticated(parts, context, transaction, user, identity, [method])
}

/** Says whether a login needs a second factor, because the user has one or the application asks for it. */
function needsFactor(user: StoredUser, { acrValues }: AuthorizationRequest): boolean {
  return factorsOf(user).length > 0 || acrValues.includes(MULTI_FACTOR)
}

/**
 * Starts the browser's session and runs the Actions, after the user has proven every factor needed so far.
 *
 * @param methods - How the user authenticated.
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
 * Runs the Actions of a login on a new or a reused session. In a login to an organization, the user must be a member. As at
 * Auth0, a user who is not a member is refused before any Action runs.
 *
 * @param session - The browser's session. It exists before any Action runs, and it stays even if an Action denies the login.
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
  const organization = findOrganization(state, request.organization)
  if (user && organization && !membershipOf(user, organization.name)) {
    return authorizationResponse(parts, context, request, {
      error: 'access_denied',
      error_description: `user ${user.user_id} is not part of the ${organization.id} organization`,
    })
  }
  if (user) recordLogin(parts, context, user)
  const login: PostLogin = {
    transactionId: transaction.id,
    door,
    client,
    request,
    session,
    protocol: isImplicit(request.responseTypes) ? 'oidc-implicit-profile' : 'oidc-basic-profile',
    browser: transaction.browser,
    scopes: request.scopes,
    organization,
    userId: session.user_id,
    identity: session.identity,
    methods: [...(session.methods ?? [])],
    needsFactor: user !== undefined && needsFactor(user, request),
    ...initialLoginState(),
  }
  const seen = { method: context.req.method, query: request.query, body: {} }
  const outcome = await runPostLogin(parts, login, actionRequest(parts, context, seen))
  return answerLogin(parts, context, login, outcome)
}

/**
 * Responds to the browser after the Actions have run: redirects it to the URL that an Action named, to a page for a second
 * factor, or back to the application.
 *
 * @param login - The login.
 * @param outcome - The outcome of the Actions.
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
  if (outcome.kind === 'enrolling') return askToEnroll(parts, context, login, outcome.factors)
  if (!request || !session) throw new Error('a login without a browser has no authorization response')
  if (outcome.kind === 'denied') {
    return authorizationResponse(parts, context, request, {
      error: outcome.error,
      error_description: outcome.description,
    })
  }
  if (lacksFactor(parts, login, outcome.user)) return askForFactor(parts, context, login, request)
  return complete(parts, context, { ...login, request, session }, outcome.user)
}

/**
 * Says whether to ask for the second factor now. Auth0 asks after all Actions have run, and does not ask again in a session
 * in which the user has already proven it.
 */
function lacksFactor({ state }: TenantParts, { needsFactor, methods }: PostLogin, user: StoredUser): boolean {
  const isNeeded = state.options.mfa_order === 'after' && (needsFactor || factorsOf(user).length > 0)
  return isNeeded && !methods.some(({ name }) => name === 'mfa')
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
 * Completes a login whose Actions have run, after its second factor was proven.
 *
 * @param transaction - The pending login that asked for the second factor. It is removed.
 * @param login - The same login, as the Actions left it.
 * @param factor - The second factor.
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
  recordFactor(state, login, factor)
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
    scopes: grantedScopes(state, user.user_id, login.scopes, request.audience),
    audience: request.audience,
    sessionId: session.id,
    authTime: session.auth_time,
    amr: session.amr,
    methods: login.methods,
    idTokenClaims: login.idTokenClaims,
    accessTokenClaims: login.accessTokenClaims,
    nonce: request.nonce,
    organization: login.organization,
    redirectUri: request.redirectUri,
    codeChallenge: request.codeChallenge,
    issuedAt: state.now(),
  }
  if (isImplicit(request.responseTypes)) {
    const tokens = await implicitTokens(state, grant, user, request.responseTypes)
    return authorizationResponse(parts, context, request, tokens)
  }
  const code = randomToken()
  transactions.codes.set(code, grant)
  return authorizationResponse(parts, context, request, { code })
}
