/**
 * `GET /link`: the Action sends the browser here. This route verifies the session token, makes sure that it is used only
 * once, and moves its content into a flow (a sealed cookie of this browser), so that no later URL contains it.
 *
 * @see {@link https://auth0.com/docs/customize/actions/explore-triggers/signup-and-login-triggers/login-trigger/redirect-with-actions Redirect with Actions}
 * @module
 */

import { linkFlowServices } from '@/app/_services'
import { LinkingError, type LinkingErrorCode } from '@/core/errors'
import { plainHeaders } from '@/lib/http/headers'
import { redirectToPage, seeOther } from '@/lib/http/redirects'
import { isLinkPreview, isPrefetch } from '@/lib/http/robots'
import { alertClock } from '@/lib/link-flow/alert-clock'
import { continueUrlWithToken } from '@/lib/link-flow/continue-url'
import { anotherSignIn } from '@/lib/link-flow/documents/another-sign-in'
import { documentHead } from '@/lib/link-flow/documents/document-response'
import { errorResponse } from '@/lib/link-flow/documents/error-response'
import { methodNotAllowed } from '@/lib/link-flow/documents/method-not-allowed'
import { chooseOffer } from '@/lib/link-flow/flow-identities'
import { noteArrival } from '@/lib/link-flow/just-arrived'
import { assertOpeningAllowed } from '@/lib/link-flow/limits'
import { flowHandle, readLinkTransaction } from '@/lib/link-flow/link-transaction'
import { noteNestedArrival } from '@/lib/link-flow/nested-arrival'
import { isOffering } from '@/lib/link-flow/offer-switch'
import { openFlow } from '@/lib/link-flow/open-flow'
import { linkParameters } from '@/lib/link-flow/parameters'
import { Refusal, type ResumeLogin, resumeFromToken } from '@/lib/link-flow/refusal'
import { stepPlaceOf } from '@/lib/link-flow/step-place'
import { signResponseToken } from '@/lib/link-flow/tokens/sign-response-token'
import { type ValidSessionToken, verifySessionToken } from '@/lib/link-flow/tokens/verify-session-token'
import { fingerprint, logEvent } from '@/lib/observability/log'
import { fallBackIfStoreDown } from '@/lib/store/or-fallback'

/** How long a used session token is remembered, in seconds. After this time, it is no longer accepted and can resume no login. */
const USED_TOKEN_SECONDS = 2 * 3600

export async function GET(request: Request): Promise<Response> {
  if (isPrefetch(request))
    return new Response(null, { status: 204, headers: plainHeaders(linkFlowServices()) })
  try {
    if (isLinkPreview(request)) throw new Refusal('bad_request', { status: 403 })
    return await arrive(request)
  } catch (error) {
    return errorResponse(linkFlowServices(), request, error)
  }
}

async function arrive(request: Request): Promise<Response> {
  const { token, state } = linkParameters(new URL(request.url).searchParams)
  const verified = await verifySessionToken(linkFlowServices(), token)
  if (verified.verdict === 'bad') throw new LinkingError('bad_token')
  const resume = resumeFromToken(linkFlowServices(), verified.genuine, state)
  if (verified.verdict === 'refused') {
    if (verified.code === 'clock') alertClock(verified.ahead)
    throw new Refusal(verified.code, { resume })
  }
  try {
    return await accept(request, verified, resume)
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal('internal', { resume, cause: error })
  }
}

async function accept(request: Request, verified: ValidSessionToken, resume: ResumeLogin): Promise<Response> {
  const { claims, genuine } = verified
  const isFirst = await fallBackIfStoreDown(
    linkFlowServices().store.take(genuine.replayKey, USED_TOKEN_SECONDS),
    undefined,
  )
  // Without the store, we cannot know whether the token was used before. So open no flow, but let the login continue.
  if (isFirst === undefined) return skip(resume, { cause: 'store_unavailable' })
  if (!isFirst) return arriveAgain(request, genuine.replayKey, resume)
  const nested = await noteNestedArrival(linkFlowServices(), request, claims)
  if (nested === 'another') return anotherSignIn(linkFlowServices(), request, claims, resume)
  if (nested) return skip(resume, { cookies: [nested.noted] })
  if (!(await isOffering(linkFlowServices()))) return skip(resume)
  const offer = chooseOffer(linkFlowServices(), claims)
  if (offer.reason === 'not_linkable_here') throw new Refusal('not_linkable_here', { resume })
  // Count only now that the token is used up, so that someone with a copy of the token cannot use up its owner's limit.
  await assertOpeningAllowed(linkFlowServices(), claims.sub, { resume })
  const flow =
    offer.offered && (await openFlow(linkFlowServices(), request, resume.state, verified, offer.offered))
  if (!flow) return skip(resume)
  const { transaction, cookies } = flow
  logEvent('flow_opened', {
    flow: transaction.handle,
    user: fingerprint(claims.sub),
    contract: claims.contract,
    candidates: transaction.candidates.length,
    ...stepPlaceOf(transaction),
  })
  await noteArrival(linkFlowServices(), request, transaction.handle, resume)
  return redirectToPage(linkFlowServices(), '/link/prompt', { flow: transaction.handle }, cookies)
}

/** Handles a session token that was used before. If this browser has the token's open flow, show it again; otherwise refuse. */
async function arriveAgain(request: Request, replayKey: string, resume: ResumeLogin): Promise<Response> {
  const handle = flowHandle(resume.state)
  const flow = await readLinkTransaction(linkFlowServices(), request, handle)
  if (flow.status === 'open' && flow.transaction.replayKey === replayKey)
    return redirectToPage(linkFlowServices(), '/link/prompt', { flow: handle })
  throw new Refusal('already_used', { resume })
}

/** Resumes the login without a link and without showing a page. */
async function skip(
  { sub, state, transactionId, key, domain, ahead }: ResumeLogin,
  { cookies, cause }: { cookies?: string[]; cause?: LinkingErrorCode } = {},
): Promise<Response> {
  const token = await signResponseToken(
    linkFlowServices(),
    { sub, state, transactionId, ahead, result: 'skipped' },
    key,
  )
  logEvent('login_continued', { result: 'skipped', user: fingerprint(sub), cause })
  return seeOther(linkFlowServices(), continueUrlWithToken(linkFlowServices(), domain, state, token), cookies)
}

export const HEAD = () => documentHead(linkFlowServices())
export const POST = methodNotAllowed(linkFlowServices, 'GET, HEAD')
export { POST as DELETE, POST as OPTIONS, POST as PATCH, POST as PUT }
