/**
 * `POST /link/finish`: the person's own click. It checks the answer, uses the flow up, and the browser posts the same
 * form to the tenant, so that the answer is in no address.
 *
 * @module
 */

import { services } from '@/app/_services'
import { TOKEN_PARAMETER } from '@/core/contract'
import { RESPONSE_TOKEN_LIFE } from '@/core/contract-response-token'
import { LinkingError } from '@/core/errors'
import { formFields } from '@/lib/http/form-fields'
import { repostTo, seeOther, seePage } from '@/lib/http/redirects'
import { assertSameOrigin } from '@/lib/http/same-origin'
import { planLook } from '@/lib/jobs/plan-look'
import { answersFlow } from '@/lib/link-flow/answers-flow'
import { askApplication } from '@/lib/link-flow/ask-application'
import { continueUrl, continueUrlWithToken } from '@/lib/link-flow/continue-url'
import { FINISH_PATH } from '@/lib/link-flow/documents/answer-fields'
import { errorResponse } from '@/lib/link-flow/documents/error-response'
import { methodNotAllowed } from '@/lib/link-flow/documents/method-not-allowed'
import { slowResponse } from '@/lib/link-flow/documents/slow-response'
import { emitDeclined } from '@/lib/link-flow/flow-events'
import { pairOf } from '@/lib/link-flow/flow-identities'
import { assertStepAllowed } from '@/lib/link-flow/limits'
import { clearedCookie, readLinkTransaction, takeLinkTransaction } from '@/lib/link-flow/link-transaction'
import { Refusal, refusalOfFlow, resumeFromFlow } from '@/lib/link-flow/refusal'
import { submittedFlow } from '@/lib/link-flow/submitted-flow'
import { signResponseToken } from '@/lib/link-flow/tokens/sign-response-token'
import { type VerifiedAnswer, verifyResponseToken } from '@/lib/link-flow/tokens/verify-response-token'
import type { LinkTransaction } from '@/lib/link-flow/transaction-shape'
import { chooseMessages } from '@/lib/messages'
import { fingerprint, logEvent } from '@/lib/observability/log'
import { wasUnlinkedSince } from '@/lib/sign-in-methods/proof-life'
import { orFallback } from '@/lib/store/or-fallback'

/** Least seconds an answer must have left: the tenant has to receive it in time. */
const LEAST_SECONDS_LEFT = 30

export async function POST(request: Request): Promise<Response> {
  try {
    assertSameOrigin(services().appBaseUrl, request)
    return await finish(request, await formFields(request))
  } catch (error) {
    return errorResponse(services(), request, error)
  }
}

async function finish(request: Request, fields: ReadonlyMap<string, string>): Promise<Response> {
  const answer = await verifyResponseToken(services(), fields.get(TOKEN_PARAMETER) ?? '')
  const flow = await readLinkTransaction(services(), request, fields.get('flow'))
  // Answers that link nothing are accepted even if the flow is gone: with them its owner resumes the login.
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
  const transaction = await submittedFlow(services(), request, fields)
  const isAnswer = answer !== undefined && answersFlow(answer.claims, transaction)
  if (!isAnswer || answer.claims.result === 'link') await assertStepAllowed(services(), transaction)
  if (!isAnswer) throw refusalOfFlow(new LinkingError('bad_token'), transaction)
  // The accounts may have been taken apart in another tab since the proof. Our own Action detects that and continues the login; the
  // published ones link whatever an answer names.
  const isLeftToUs = transaction.transactionId === undefined && answer.claims.result === 'link'
  if (isLeftToUs && (await isProofOver(transaction)))
    throw refusalOfFlow(new LinkingError('already_used'), transaction)
  const flow = transaction.handle
  if (answer.secondsLeft < LEAST_SECONDS_LEFT)
    return seePage(services(), transaction.proof ? '/link/confirm' : '/link/prompt', {
      flow,
      slow: '1',
    })
  const reason = answer.claims.result === 'link' ? await askApplication(services(), transaction) : undefined
  if (reason !== undefined) return goOnUnlinked(transaction, reason)
  const cleared = await endFlow(transaction, answer)
  await noteGiven(answer)
  logAnswered(answer, flow)
  if (answer.claims.result === 'link') await lookLater(transaction)
  if (answer.claims.result === 'declined') emitDeclined(services(), answer.claims, transaction)
  return repostTo(services(), continueUrl(services(), transaction.domain, transaction.state), [cleared])
}

/** Lets the login go on without a link, although its owner agreed to one. */
async function goOnUnlinked(transaction: LinkTransaction, reason: string): Promise<Response> {
  const { sub, state, transactionId, key, domain, handle: flow } = transaction
  const token = await signResponseToken(services(), { sub, state, transactionId, result: 'failed' }, key)
  const cleared = await orFallback(
    takeLinkTransaction(services(), transaction),
    clearedCookie(services(), flow),
  )
  logEvent('flow_answered', { flow, result: 'failed', reason, user: fingerprint(sub) })
  return seeOther(services(), continueUrlWithToken(services(), domain, state, token), [cleared])
}

/** If the account that stays is to be given something, its link is looked at later: the login may end in the middle. */
async function lookLater(transaction: LinkTransaction): Promise<void> {
  const proven = transaction.proof && transaction.candidates[transaction.proof.candidate]
  const { roles = [], organizations = [], permissions = 0, more = 0 } = proven?.rights ?? {}
  if (!proven || roles.length + organizations.length + permissions + more === 0) return
  const { primary, secondary } = pairOf(transaction, proven)
  await planLook(services().jobs, primary.userId, secondary.userId)
}

/**
 * Uses the flow up. If the store does not answer, only an answer that links nothing continues without that.
 *
 * @returns The `Set-Cookie` line that deletes its cookie.
 * @throws {LinkingError} `already_used`, `store_unavailable`
 */
async function endFlow(transaction: LinkTransaction, { claims }: VerifiedAnswer): Promise<string> {
  const cleared = await orFallback(takeLinkTransaction(services(), transaction), undefined)
  if (cleared !== undefined) return cleared
  if (claims.result !== 'link') return clearedCookie(services(), transaction.handle)
  // The resumed login does not name the flow: it may be used up by now, although the store's answer was lost.
  const resume = { ...resumeFromFlow(transaction), flow: undefined }
  throw new Refusal('store_unavailable', { resume, canRetry: true })
}

async function finishWithoutFlow(
  request: Request,
  fields: ReadonlyMap<string, string>,
  answer: VerifiedAnswer,
): Promise<Response> {
  const domain = fields.get('domain')
  if (answer.secondsLeft < LEAST_SECONDS_LEFT) return slowResponse(services(), request, answer, domain)
  logAnswered(answer)
  // No flow is used up here, so the answer itself shows whether its event was emitted before.
  if (answer.claims.result === 'declined' && (await noteGiven(answer)))
    emitDeclined(services(), answer.claims)
  return repostTo(services(), continueUrl(services(), domain, answer.claims.state))
}

/**
 * The same answer once more: after a second tap a browser drops the response to the first, perhaps before it has posted to the
 * tenant. The tenant accepts an answer once, so passing it on again is safe, but only the person can see that it is needed.
 */
async function finishAgain(
  request: Request,
  fields: ReadonlyMap<string, string>,
  answer: VerifiedAnswer,
): Promise<Response> {
  const { again } = (await chooseMessages(services(), request)).buttons
  if (fields.has('again') && answer.secondsLeft >= LEAST_SECONDS_LEFT)
    return repostTo(services(), continueUrl(services(), fields.get('domain'), answer.claims.state))
  const kept = Object.fromEntries(['flow', 'domain', TOKEN_PARAMETER].map((name) => [name, fields.get(name)]))
  const form = { label: again, action: FINISH_PATH, fields: { ...kept, again: '1' } }
  return errorResponse(services(), request, new LinkingError('already_used'), { answers: [form] })
}

/** Whether one of the two accounts was taken out of another since the candidate was proven. */
async function isProofOver({ sub, candidates, proof }: LinkTransaction): Promise<boolean> {
  const proven = proof && candidates[proof.candidate]
  return !!proven && wasUnlinkedSince(services(), [sub, proven.userId], proof.at ?? 0)
}

const givenKey = ({ claims }: VerifiedAnswer) => `answer:${claims.tokenId}`
/** Remembers that an answer was passed on; false if it was before. */
const noteGiven = (answer: VerifiedAnswer) =>
  orFallback(services().store.take(givenKey(answer), RESPONSE_TOKEN_LIFE), true)
const wasGiven = (answer: VerifiedAnswer) => orFallback(services().store.isTaken(givenKey(answer)), false)

function logAnswered({ claims }: VerifiedAnswer, flow?: string): void {
  logEvent('flow_answered', {
    flow,
    result: claims.result,
    never: claims.never,
    user: fingerprint(claims.sub),
  })
}

export const GET = methodNotAllowed(services, 'POST')
export { GET as DELETE, GET as HEAD, GET as OPTIONS, GET as PATCH, GET as PUT }
