/**
 * The post-login trigger: runs the Actions of a login and carries out what they ask for.
 * @module
 */
import { type PostLogin, randomToken, type SuspendedLogin } from '../login/transactions'
import type { StoredUser } from '../model'
import { factorsOf, typeOfFactor } from '../rights'
import type { TenantState } from '../state'
import type { ActionRequest, TenantParts } from '../tenant-parts'
import { appendParameter } from './action-api'
import type { ActionHandler, ActionResult, RedirectContext } from './action-protocol'
import { type BoundAction, boundActions } from './bound-actions'
import { merged, postLoginEvent } from './post-login-event'

/**
 * How the Actions of a login ended: all have run; one redirects to `url`; one asks the user to enroll one of `factors`; or
 * the login is denied with an OAuth error.
 */
export type PostLoginOutcome =
  | { kind: 'completed'; user: StoredUser }
  | { kind: 'suspended'; url: string }
  | { kind: 'enrolling'; factors: string[] }
  | { kind: 'denied'; error: string; description: string }

/** Protocols in which no browser takes part, so that an Action cannot redirect. */
const BACK_CHANNEL = ['oauth2-refresh-token', 'oauth2-password', 'oauth2-resource-owner']

/** The outcome if an Action redirects or asks for an enrollment, but the login has no browser or uses `prompt=none`. */
const INTERACTION_REQUIRED = {
  kind: 'denied',
  error: 'interaction_required',
  description: 'Interaction required',
} as const

/** The error if the user of a login was deleted, or if an Action switched to a user that is not allowed. */
const NO_LOGIN_USER = 'Unable to construct login user'

/**
 * Runs the remaining Actions of a login.
 *
 * Metadata that Actions set is stored after the last Action, before a redirect or an enrollment, and after
 * `api.access.deny`. If an Action throws, metadata that is not stored yet is lost. By default, a switch of the primary user
 * is checked after the Action has ended, because the Action may link the users before or after it calls `setPrimaryUser`.
 *
 * @param parts - The tenant.
 * @param login - Changed in place, as the Actions ask.
 * @param request - The HTTP request during which the Actions run.
 * @param answered - The suspended login that this request resumes, if any. Then `onContinuePostLogin` of the Action that
 *   redirected runs first.
 * @see https://auth0.com/docs/customize/actions/redirect-with-actions
 */
export async function runPostLogin(
  parts: TenantParts,
  login: PostLogin,
  request: ActionRequest,
  answered?: SuspendedLogin,
): Promise<PostLoginOutcome> {
  const { state } = parts
  const bound = boundActions(state)
  const startedAt = Date.now()
  for (let isResuming = answered !== undefined; ; isResuming = false) {
    const action = bound[login.next]
    if (!action) break
    const user = state.users.get(login.userId)
    if (!user) return denied(NO_LOGIN_USER)
    const handler = isResuming ? 'onContinuePostLogin' : 'onExecutePostLogin'
    const context = redirectContext(state, login, request, isResuming ? answered : undefined)
    const { result, switchHolds } = await runAction(
      parts,
      login,
      user,
      action,
      handler,
      request,
      context,
      startedAt,
    )

    if (result.error !== undefined) return denied(result.error)
    if (!takeEffects(state, login, result, switchHolds)) return denied(NO_LOGIN_USER)
    if (result.effects.denied !== undefined) {
      writeMetadata(state, login)
      return denied(result.effects.denied)
    }
    if (result.effects.redirect !== undefined) return suspend(parts, login, result.effects.redirect, context)
    login.next += 1
    if (result.effects.enroll) return enrolling(state, login, result.effects.enroll, context)
  }
  const user = state.users.get(login.userId)
  if (!user) return denied(NO_LOGIN_USER)
  writeMetadata(state, login)
  return { kind: 'completed', user }
}

async function runAction(
  { state, actions }: TenantParts,
  login: PostLogin,
  user: StoredUser,
  { name, secrets, ...source }: BoundAction,
  handler: ActionHandler,
  request: ActionRequest,
  redirect: RedirectContext,
  startedAt: number,
): Promise<{ result: ActionResult; switchHolds: boolean }> {
  const event = postLoginEvent(state, login, user, request, secrets)
  let heldAtCall = false
  const result = await actions.run(
    { ...source, handler, event, switched: login.switched, redirect },
    startedAt,
    (userId) => {
      heldAtCall = mayBePrimary(state, login, userId)
    },
  )
  const lines = result.error === undefined ? result.logs : [...result.logs, `Error: ${result.error}`]
  for (const line of lines) {
    state.logAction({
      at: new Date(state.now()).toISOString(),
      action: name,
      handler,
      user_id: user.user_id,
      line,
    })
  }
  const { primaryUser } = result.effects
  const holdsNow = primaryUser === undefined || mayBePrimary(state, login, primaryUser)
  const isJudgedAtCall = primaryUser !== undefined && state.options.answers.switch_checked === 'call'
  return { result, switchHolds: isJudgedAtCall ? heldAtCall : holdsNow }
}

/** Says whether an Action may switch to a user: that user must have the identity that was used to log in. */
function mayBePrimary(state: TenantState, login: PostLogin, userId: string): boolean {
  const { provider, user_id: id } = login.identity
  return state.findUserByIdentity(provider, id)?.user_id === userId
}

/** Applies what an Action asked for. Returns false if its switch of the primary user is not allowed. */
function takeEffects(
  state: TenantState,
  login: PostLogin,
  { effects }: ActionResult,
  switchHolds: boolean,
): boolean {
  const isSwitch = effects.primaryUser !== undefined
  login.metadata = effects.transactionMetadata
  Object.assign(login.idTokenClaims, effects.idTokenClaims)
  Object.assign(login.accessTokenClaims, effects.accessTokenClaims)
  // As at Auth0, user metadata is lost if the same run also switches the primary user.
  if (!isSwitch) Object.assign(login.userMetadata, effects.userMetadata)
  if (!isSwitch || state.options.answers.app_metadata_with_switch === 'primary') {
    Object.assign(login.appMetadata, effects.appMetadata)
  }
  for (const name of effects.recordedMethods) {
    login.methods.push({ name, timestamp: new Date(state.now()).toISOString() })
  }
  if (effects.primaryUser !== undefined) {
    login.userId = effects.primaryUser
    login.switched = true
  }
  return switchHolds
}

function writeMetadata(state: TenantState, login: PostLogin): void {
  const user = state.users.get(login.userId)
  if (user && Object.keys({ ...login.userMetadata, ...login.appMetadata }).length > 0) {
    user.user_metadata = merged(user.user_metadata, login.userMetadata)
    user.app_metadata = merged(user.app_metadata, login.appMetadata)
    user.updated_at = new Date(state.now()).toISOString()
  }
  login.userMetadata = {}
  login.appMetadata = {}
}

function suspend(
  { state, transactions }: TenantParts,
  login: PostLogin,
  target: string,
  { canRedirect }: RedirectContext,
): PostLoginOutcome {
  if (!canRedirect) return INTERACTION_REQUIRED
  writeMetadata(state, login)
  const id = randomToken()
  const url = appendParameter(target, 'state', id)
  transactions.suspended.set(id, { state: id, url, startedAt: state.now(), login: structuredClone(login) })
  return { kind: 'suspended', url }
}

/**
 * Has the user enroll a second factor before any later Action runs. Ignores factors that the user already has or that do not
 * exist, and denies the login if no other is left.
 */
function enrolling(
  state: TenantState,
  login: PostLogin,
  asked: string[],
  { canRedirect }: RedirectContext,
): PostLoginOutcome {
  if (!canRedirect) return INTERACTION_REQUIRED
  const user = state.users.get(login.userId)
  const held = user ? factorsOf(user) : []
  const factors = asked.filter((factor) => typeOfFactor(factor) !== undefined && !held.includes(factor))
  if (factors.length === 0) return denied('There is no factor that the user can enroll.')
  writeMetadata(state, login)
  return { kind: 'enrolling', factors }
}

function redirectContext(
  state: TenantState,
  login: PostLogin,
  request: ActionRequest,
  answered: SuspendedLogin | undefined,
): RedirectContext {
  const { answers } = state.options
  const { door } = login
  const loginOrigin = door.name === 'login' ? door.origin : state.settings.loginOrigin
  const issuer = answers.encode_token_iss === 'login' ? loginOrigin : state.settings.canonicalOrigin
  return {
    canRedirect: !BACK_CHANNEL.includes(login.protocol) && !login.request?.prompt.includes('none'),
    issuer: new URL(issuer).host,
    subject: login.userId,
    ip: request.ip,
    clockOffset: state.clockOffset * 1000,
    checkSubject: answers.validate_token_sub,
    checkIssuer: answers.validate_token_iss,
    tokenParameter: answers.validate_token_parameter,
    ...(answered && { answered: { state: answered.state, host: new URL(answered.url).host } }),
  }
}

function denied(description: string): PostLoginOutcome {
  return { kind: 'denied', error: 'access_denied', description }
}
