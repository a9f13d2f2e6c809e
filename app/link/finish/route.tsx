/**
 * `POST /link/finish`: receives the form with the person's decision. It verifies the response token in the form, marks the
 * flow as used, and redirects with a 307, so that the browser posts the same form to the tenant's `/continue`. That keeps
 * the token out of URLs.
 *
 * @module
 */

import { linkFlowServices } from '@/app/_services'
import { TOKEN_PARAMETER } from '@/core/contract'
import { RESPONSE_TOKEN_LIFE } from '@/core/contract-response-token'
import { LinkingError } from '@/core/errors'
import { formFields } from '@/lib/http/form-fields'
import { redirectToPage, repostTo, seeOther } from '@/lib/http/redirects'
import { assertSameOrigin } from '@/lib/http/same-origin'
import { scheduleLinkCheck } from '@/lib/jobs/plan-look'
import { answersFlow } from '@/lib/link-flow/answers-flow'
import { askApplication } from '@/lib/link-flow/ask-application'
import { continueUrl, continueUrlWithToken } from '@/lib/link-flow/continue-url'
import { FINISH_PATH } from '@/lib/link-flow/documents/answer-fields'
import { errorResponse } from '@/lib/link-flow/documents/error-response'
import { methodNotAllowed } from '@/lib/link-flow/documents/method-not-allowed'
import { slowResponse } from '@/lib/link-flow/documents/slow-response'
import { emitDeclined } from '@/lib/link-flow/flow-events'
import { primaryAndSecondary } from '@/lib/link-flow/flow-identities'
import { assertStepAllowed } from '@/lib/link-flow/limits'
import { clearedCookie, readLinkTransaction, takeLinkTransaction } from '@/lib/link-flow/link-transaction'
import { Refusal, refusalOfFlow, resumeFromFlow } from '@/lib/link-flow/refusal'
import { stepPlaceOf } from '@/lib/link-flow/step-place'
import { submittedFlow } from '@/lib/link-flow/submitted-flow'
import { signResponseToken } from '@/lib/link-flow/tokens/sign-response-token'
import { type VerifiedAnswer, verifyResponseToken } from '@/lib/link-flow/tokens/verify-response-token'
import type { LinkTransaction } from '@/lib/link-flow/transaction-shape'
import { chooseMessages } from '@/lib/messages'
import { fingerprint, logEvent } from '@/lib/observability/log'
import { wasUnlinkedSince } from '@/lib/sign-in-methods/proof-life'
import { fallBackIfStoreDown } from '@/lib/store/or-fallback'

/** Seconds for which a response token must still be valid, so that it reaches the tenant in time. */
const LEAST_SECONDS_LEFT = 30

export async function POST(request: Request): Promise<Response> {
  try {
    assertSameOrigin(linkFlowServices().appBaseUrl, request)
    return await finish(request, await formFields(request))
  } catch (error) {
    return errorResponse(linkFlowServices(), request, error)
  }
}

async function finish(request: Request, fields: ReadonlyMap<string, string>): Promise<Response> {
  const answer = await verifyResponseToken(linkFlowServices(), fields.get(TOKEN_PARAMETER) ?? '')
  const flow = await readLinkTransaction(linkFlowServices(), request, fields.get('flow'))
  // A response token that links nothing is accepted even if the flow is gone, so that the person can continue the login.
  const isFlowless = flow.status === 'none' || flow.status === 'expired'
  if (answer && answer.claims.result !== 'link' && isFlowless)
    return finishWithoutFlow(request, fields, answer)
  try {
    return await finishFlow(request, fields, answer)
  } catch (error) {
    const isRepeated = error instanceof LinkingError && error.code === 'already_used'
    if (isRepeated && answer && (await wasGiven(answer))) return finishAgain(request, fields, answer)
    throw error
  }
}

async function finishFlow(
  request: Request,
  fields: ReadonlyMap<string, string>,
  answer: VerifiedAnswer | undefined,
): Promise<Response> {
  const transaction = await submittedFlow(linkFlowServices(), request, fields)
  const isAnswer = answer !== undefined && answersFlow(answer.claims, transaction)
  if (!isAnswer || answer.claims.result === 'link') await assertStepAllowed(linkFlowServices(), transaction)
  if (!isAnswer) throw refusalOfFlow(new LinkingError('bad_token'), transaction)
  // The person may have unlinked the accounts in another tab after the proof. Our own Action detects that and continues the login;
  // Auth0's published Actions link whatever the response token names.
  const isDocumentedLink = transaction.transactionId === undefined && answer.claims.result === 'link'
  if (isDocumentedLink && (await isProofOver(transaction)))
    throw refusalOfFlow(new LinkingError('already_used'), transaction)
  const flow = transaction.handle
  if (answer.secondsLeft < LEAST_SECONDS_LEFT)
    return redirectToPage(linkFlowServices(), transaction.proof ? '/link/confirm' : '/link/prompt', {
      flow,
      slow: '1',
    })
  const reason =
    answer.claims.result === 'link' ? await askApplication(linkFlowServices(), transaction) : undefined
  if (reason !== undefined) return continueUnlinked(transaction, reason)
  const cleared = await endFlow(transaction, answer)
  await noteGiven(answer)
  logAnswered(answer, transaction)
  if (answer.claims.result === 'link') await scheduleRightsCheck(transaction)
  if (answer.claims.result === 'declined') emitDeclined(linkFlowServices(), answer.claims, transaction)
  return repostTo(
    linkFlowServices(),
    continueUrl(linkFlowServices(), transaction.domain, transaction.state),
    [cleared],
  )
}

/** Continues the login without the link that the person agreed to, for the reason that {@link askApplication} gave. */
async function continueUnlinked(transaction: LinkTransaction, reason: string): Promise<Response> {
  const { sub, state, transactionId, key, domain, handle: flow } = transaction
  const token = await signResponseToken(
    linkFlowServices(),
    { sub, state, transactionId, result: 'failed' },
    key,
  )
  const cleared = await fallBackIfStoreDown(
    takeLinkTransaction(linkFlowServices(), transaction),
    clearedCookie(linkFlowServices(), flow),
  )
  logEvent('flow_answered', {
    ...{ flow, result: 'failed', reason, user: fingerprint(sub) },
    ...stepPlaceOf(transaction),
  })
  return seeOther(linkFlowServices(), continueUrlWithToken(linkFlowServices(), domain, state, token), [
    cleared,
  ])
}

/**
 * Plans a later check of the link if it gives the primary account rights (roles, permissions, memberships): if the login breaks off
 * before the accounts are linked, that check takes the rights back.
 */
async function scheduleRightsCheck(transaction: LinkTransaction): Promise<void> {
  const proven = transaction.proof && transaction.candidates[transaction.proof.candidate]
  const { roles = [], organizations = [], permissions = 0, more = 0 } = proven?.rights ?? {}
  if (!proven || roles.length + organizations.length + permissions + more === 0) return
  const { primary, secondary } = primaryAndSecondary(transaction, proven)
  await scheduleLinkCheck(linkFlowServices().jobs, primary.userId, secondary.userId)
}

/**
 * Marks the flow as used. If the store is down, the login continues only with a response token that links nothing.
 *
 * @returns The `Set-Cookie` line that deletes the flow's cookie.
 * @throws {LinkingError} `already_used`, `store_unavailable`
 */
async function endFlow(transaction: LinkTransaction, { claims }: VerifiedAnswer): Promise<string> {
  const cleared = await fallBackIfStoreDown(takeLinkTransaction(linkFlowServices(), transaction), undefined)
  if (cleared !== undefined) return cleared
  if (claims.result !== 'link') return clearedCookie(linkFlowServices(), transaction.handle)
  // Leave the flow out: the store may have marked it as used, even though its reply was lost.
  const resume = { ...resumeFromFlow(transaction), flow: undefined }
  throw new Refusal('store_unavailable', { resume, canRetry: true })
}

async function finishWithoutFlow(
  request: Request,
  fields: ReadonlyMap<string, string>,
  answer: VerifiedAnswer,
): Promise<Response> {
  const domain = fields.get('domain')
  if (answer.secondsLeft < LEAST_SECONDS_LEFT)
    return slowResponse(linkFlowServices(), request, answer, domain)
  logAnswered(answer)
  // There is no flow to mark as used. The response token is marked instead, so that its event is emitted only once.
  if (answer.claims.result === 'declined' && (await noteGiven(answer)))
    emitDeclined(linkFlowServices(), answer.claims)
  return repostTo(linkFlowServices(), continueUrl(linkFlowServices(), domain, answer.claims.state))
}

/**
 * Handles a form that is submitted a second time. After a double click, the browser drops our response to the first click, perhaps
 * before it has posted the token to the tenant. Passing the token on again is safe, because the tenant accepts it once. Only the
 * person can see whether that is needed, so the page offers a button for it.
 */
async function finishAgain(
  request: Request,
  fields: ReadonlyMap<string, string>,
  answer: VerifiedAnswer,
): Promise<Response> {
  const { again } = (await chooseMessages(linkFlowServices(), request)).buttons
  if (fields.has('again') && answer.secondsLeft >= LEAST_SECONDS_LEFT)
    return repostTo(
      linkFlowServices(),
      continueUrl(linkFlowServices(), fields.get('domain'), answer.claims.state),
    )
  const kept = Object.fromEntries(['flow', 'domain', TOKEN_PARAMETER].map((name) => [name, fields.get(name)]))
  const form = { label: again, action: FINISH_PATH, fields: { ...kept, again: '1' } }
  return errorResponse(linkFlowServices(), request, new LinkingError('already_used'), { answers: [form] })
}

/** Whether one of the two accounts was part of an unlink after the person proved ownership of the candidate. */
async function isProofOver({ sub, candidates, proof }: LinkTransaction): Promise<boolean> {
  const proven = proof && candidates[proof.candidate]
  return !!proven && wasUnlinkedSince(linkFlowServices(), [sub, proven.userId], proof.at ?? 0)
}

const givenKey = ({ claims }: VerifiedAnswer) => `answer:${claims.tokenId}`
/** Remembers that a response token was passed on to the tenant. False if it had been passed on before. */
const noteGiven = (answer: VerifiedAnswer) =>
  fallBackIfStoreDown(linkFlowServices().store.take(givenKey(answer), RESPONSE_TOKEN_LIFE), true)
const wasGiven = (answer: VerifiedAnswer) =>
  fallBackIfStoreDown(linkFlowServices().store.isTaken(givenKey(answer)), false)

function logAnswered({ claims }: VerifiedAnswer, transaction?: LinkTransaction): void {
  logEvent('flow_answered', {
    flow: transaction?.handle,
    result: claims.result,
    never: claims.never,
    user: fingerprint(claims.sub),
    ...(transaction && stepPlaceOf(transaction)),
  })
}

export const GET = methodNotAllowed(linkFlowServices, 'POST')
export { GET as DELETE, GET as HEAD, GET as OPTIONS, GET as PATCH, GET as PUT }
