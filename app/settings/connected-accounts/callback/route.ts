/**
 * `GET /settings/connected-accounts/callback`: the tenant redirects here after a sign-in that proves an account. This route
 * compares the account of that sign-in with the expected one. The session never changes to another account.
 *
 * @module
 */

import { sessions } from '@/app/_sessions'
import { signInServices } from '@/app/settings/_services'
import { LinkingError } from '@/core/errors'
import { providerOf } from '@/core/identity'
import type { Account } from '@/lib/auth0/account'
import { noteStepUp } from '@/lib/health/step-up-warning'
import { redirectToPage } from '@/lib/http/redirects'
import { documentHead } from '@/lib/link-flow/documents/document-response'
import { methodNotAllowed } from '@/lib/link-flow/documents/method-not-allowed'
import { maskEmail } from '@/lib/messages/mask-email'
import { type CompletedAuthorization, completeAuthorization } from '@/lib/oidc/complete-authorization'
import { roomFor } from '@/lib/session/cookie-budget'
import type { Session } from '@/lib/session/session'
import { SettingsRefusedError } from '@/lib/sign-in-methods/account-refusal'
import {
  type ConnectFlow,
  connectFlowCookie,
  readConnectFlow,
} from '@/lib/sign-in-methods/connect/connect-flow'
import { wasCreatedBySignIn } from '@/lib/sign-in-methods/connect/orphan-account'
import { toSeen } from '@/lib/sign-in-methods/connect/proven-account'
import { emitLinkRefused } from '@/lib/sign-in-methods/emit-account-event'
import { CALLBACK_PATH, confirmPath, SIGN_IN_METHODS_PATH } from '@/lib/sign-in-methods/paths'
import { respondRefused } from '@/lib/sign-in-methods/refuse'
import { managementApiFor } from '@/lib/sign-in-methods/session-account'
import { redirectToSignIn } from '@/lib/sign-in-methods/start-proof'
import { type WayBack, withWayBack } from '@/lib/way-back/carried'

/**
 * How long a completed authorization is remembered, in seconds, so that its callback works only once: longer than a flow is open.
 */
const ANSWERED_SECONDS = 3600

type Attempt = NonNullable<ConnectFlow['attempt']>

export async function GET(request: Request): Promise<Response> {
  let wayBack: WayBack | undefined
  try {
    const answer = new URL(request.url).searchParams
    const states = answer.getAll('state')
    const [state = ''] = states
    if (states.length > 1) throw new LinkingError('bad_request')
    const session = await sessions().currentSession()
    const flow =
      session && (await readConnectFlow(signInServices(), request, state.split('.')[0], session.userId))
    if (!session || !flow) throw new LinkingError('no_flow')
    wayBack = flow.wayBack
    // This callback was handled before, and the flow already holds its result.
    if (flow.attempt?.state !== state) return afterAnswer(flow)
    if (!(await signInServices().store.take(`authorization:${state}`, ANSWERED_SECONDS)))
      return afterAnswer(flow)
    return await complete(request, session, flow, flow.attempt, answer)
  } catch (error) {
    return respondRefused(signInServices(), request, error, wayBack)
  }
}

function afterAnswer(flow: ConnectFlow): Response {
  const path = flow.returnTo ? (flow.returnTo as `/${string}`) : confirmPath(flow.handle)
  return redirectToPage(signInServices(), withWayBack(path, flow.wayBack))
}

async function complete(
  request: Request,
  session: Session,
  flow: ConnectFlow,
  attempt: Attempt,
  answer: URLSearchParams,
): Promise<Response> {
  const done = await completeAuthorization(signInServices(), answer, attempt, CALLBACK_PATH)
  // The authorization is over, whatever its result.
  const answered: ConnectFlow = { ...flow, attempt: undefined, wrong: undefined }
  return attempt.of === 'current'
    ? steppedUp(request, session, answered, done)
    : proven(request, session, answered, attempt, done)
}

/** Handles a step-up, in which the person signed in to their own account again. */
async function steppedUp(
  request: Request,
  session: Session,
  flow: ConnectFlow,
  { account }: CompletedAuthorization,
): Promise<Response> {
  if (account.userId !== session.userId) return showWrong(flow, account, false)
  if (flow.needsMfa?.includes('current') && !account.hasUsedMfa) return cameWithoutFactor(session)
  await sessions().renewSession({
    authTime: account.authTime,
    hasUsedMfa: account.hasUsedMfa,
    stepUpsWithoutFactor: 0,
  })
  if (flow.needsMfa?.includes('current')) await noteStepUp(signInServices().store, { hasFactor: true })
  if (flow.chosen) return redirectToSignIn(signInServices(), request, flow, 'other', flow.chosen.email)
  return redirectToPage(
    signInServices(),
    withWayBack((flow.returnTo ?? SIGN_IN_METHODS_PATH) as `/${string}`, flow.wayBack),
  )
}

/**
 * Refuses a step-up without a second factor: we asked the tenant for one, but it did not ask the person. The first time,
 * the error is `mfa_required`, and the person can try again. From the second time on, it is `step_up_without_factor`, and
 * `/readyz` warns the operator.
 */
async function cameWithoutFactor(session: Session): Promise<never> {
  const stepUpsWithoutFactor = session.stepUpsWithoutFactor + 1
  await sessions().renewSession({ stepUpsWithoutFactor })
  const isFirst = stepUpsWithoutFactor === 1
  if (!isFirst) await noteStepUp(signInServices().store, { hasFactor: false })
  throw new SettingsRefusedError(isFirst ? 'mfa_required' : 'step_up_without_factor')
}

/** Handles the sign-in to the account to connect. The person may have signed in to a wrong account. */
async function proven(
  request: Request,
  session: Session,
  flow: ConnectFlow,
  attempt: Attempt,
  done: CompletedAuthorization,
): Promise<Response> {
  const { account } = done
  const isCurrent = account.userId === session.userId
  const isMeant = flow.chosen?.userId === undefined || flow.chosen.userId === account.userId
  const other = isCurrent ? undefined : await readProven(session, done)
  const isNew = other && (await wasCreatedBySignIn(signInServices(), other, attempt.startedAt))
  const born = isNew ? { born: other.user_id } : {}
  if (isCurrent || !isMeant) {
    emitLinkRefused(
      signInServices(),
      session,
      isCurrent ? 'same_account' : 'wrong_account',
      isCurrent ? undefined : account,
    )
    return showWrong({ ...flow, ...born }, account, isCurrent)
  }
  const proof = {
    userId: account.userId,
    email: account.email,
    hasUsedMfa: account.hasUsedMfa,
    at: Date.now(),
    authTime: account.authTime,
    sid: account.sid,
    ...(signInServices().linkingAuthority !== 'm2m' && { idToken: done.idToken }),
    ...(signInServices().linkingAuthority === 'user' && other && { seen: toSeen(other) }),
  }
  const cookie = await connectFlowCookie(signInServices(), { ...flow, ...born, proof })
  // The ID token may be too long for a cookie.
  if (!cookie) throw new SettingsRefusedError('not_linkable_here')
  return redirectToPage(signInServices(), withWayBack(confirmPath(flow.handle), flow.wayBack), {}, [
    cookie,
    ...roomFor(signInServices(), request, [cookie]),
  ])
}

/** Reads the proven account. With `LINKING_AUTHORITY=user`, only that account's own token may read it. */
function readProven(session: Session, { account, accessToken }: CompletedAuthorization): Promise<Account> {
  const api =
    signInServices().linkingAuthority === 'user'
      ? signInServices().managementApi(signInServices().authorities.user(accessToken))
      : managementApiFor(signInServices(), session, 'change')
  return api.getUser(account.userId)
}

async function showWrong(
  flow: ConnectFlow,
  { userId, email }: CompletedAuthorization['account'],
  isCurrent: boolean,
): Promise<Response> {
  const wrong = { isCurrent, provider: providerOf(userId), email: email && maskEmail(email) }
  const cookie = await connectFlowCookie(signInServices(), { ...flow, proof: undefined, wrong })
  const target = withWayBack(`${SIGN_IN_METHODS_PATH}/wrong-account?flow=${flow.handle}`, flow.wayBack)
  return redirectToPage(signInServices(), target, {}, cookie ? [cookie] : [])
}

export const HEAD = () => documentHead(signInServices())
export const POST = methodNotAllowed(signInServices, 'GET, HEAD')
export { POST as DELETE, POST as OPTIONS, POST as PATCH, POST as PUT }
