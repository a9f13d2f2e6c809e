/**
 * `GET /link/callback`: the tenant redirects here after the second authorization. This route compares the account of that
 * sign-in with the candidate that the person chose. It does not keep the tokens.
 *
 * @module
 */

import { linkFlowServices } from '@/app/_services'
import { LinkingError } from '@/core/errors'
import { providerOf } from '@/core/identity'
import { proofDomain } from '@/lib/config/domain-of'
import { redirectToPage } from '@/lib/http/redirects'
import { CALLBACK_PATH } from '@/lib/link-flow/callback-path'
import { documentHead } from '@/lib/link-flow/documents/document-response'
import { errorResponse } from '@/lib/link-flow/documents/error-response'
import { methodNotAllowed } from '@/lib/link-flow/documents/method-not-allowed'
import { emitRefused } from '@/lib/link-flow/flow-events'
import { assertStepAllowed } from '@/lib/link-flow/limits'
import { updatedCookie } from '@/lib/link-flow/link-transaction'
import { Refusal, refusalOfFlow, resumeFromFlow } from '@/lib/link-flow/refusal'
import { requireFlow } from '@/lib/link-flow/require-flow'
import { stepPlaceOf } from '@/lib/link-flow/step-place'
import type { CandidateAttempt, LinkTransaction } from '@/lib/link-flow/transaction-shape'
import { maskEmail } from '@/lib/messages/mask-email'
import { logEvent } from '@/lib/observability/log'
import { completeAuthorization, type ProvenAccount } from '@/lib/oidc/complete-authorization'

/**
 * How long a completed authorization is remembered, in seconds, so that its callback works only once: longer than a flow is open.
 */
const ANSWERED_SECONDS = 3600

export async function GET(request: Request): Promise<Response> {
  try {
    const answer = new URL(request.url).searchParams
    const states = answer.getAll('state')
    const [state = ''] = states
    if (states.length > 1) throw new LinkingError('bad_request')
    const transaction = await requireFlow(linkFlowServices(), request, state.split('.')[0])
    await assertStepAllowed(linkFlowServices(), transaction)
    const { attempt, proof } = transaction
    if (proof?.state === state)
      return redirectToPage(linkFlowServices(), '/link/confirm', { flow: transaction.handle })
    if (attempt?.state !== state) throw refusalOfFlow(new LinkingError('no_flow'), transaction)
    if (!(await isFirstAnswer(transaction, state)))
      throw new Refusal('already_used', { resume: resumeFromFlow(transaction), canRetry: true })
    return await complete(transaction, attempt, answer)
  } catch (error) {
    return errorResponse(linkFlowServices(), request, error)
  }
}

async function isFirstAnswer(transaction: LinkTransaction, state: string): Promise<boolean> {
  try {
    return await linkFlowServices().store.take(`authorization:${state}`, ANSWERED_SECONDS)
  } catch (error) {
    throw refusalOfFlow(error, transaction)
  }
}

async function complete(
  transaction: LinkTransaction,
  attempt: CandidateAttempt,
  answer: URLSearchParams,
): Promise<Response> {
  const flow = transaction.handle
  const domain = proofDomain(linkFlowServices(), transaction.domain)
  // The authorization is over, whatever its result.
  const answered: LinkTransaction = { ...transaction, attempt: undefined, wrong: undefined }
  try {
    const { account } = await completeAuthorization(
      linkFlowServices(),
      answer,
      attempt,
      CALLBACK_PATH,
      domain,
    )
    const wrong = wrongAccountOf(transaction, attempt, account)
    if (wrong) {
      if (wrong.isCurrent) emitRefused(linkFlowServices(), transaction, 'same_account')
      else emitRefused(linkFlowServices(), transaction, 'wrong_account', account)
      return redirectToPage(linkFlowServices(), '/link/wrong-account', { flow }, [
        await updatedCookie(linkFlowServices(), { ...answered, wrong }),
      ])
    }
    assertStrongEnough(transaction, attempt, account)
    logEvent('flow_proven', { flow, ...stepPlaceOf(transaction) })
    const { authTime, sid, hasUsedMfa } = account
    const proof = {
      candidate: attempt.candidate,
      state: attempt.state,
      at: Date.now(),
      authTime,
      sid,
      ...(hasUsedMfa && { hasUsedMfa }),
      email: shownEmail(account),
    }
    return redirectToPage(linkFlowServices(), '/link/confirm', { flow }, [
      await updatedCookie(linkFlowServices(), { ...answered, proof }),
    ])
  } catch (error) {
    const refusal = refusalOfFlow(error, transaction, [await updatedCookie(linkFlowServices(), answered)])
    emitRefused(linkFlowServices(), transaction, refusal.code, transaction.candidates[attempt.candidate])
    throw refusal
  }
}

/** Longest email address for which a flow's cookie has room, in characters. */
const MAX_EMAIL_LENGTH = 254

const shownEmail = ({ email }: ProvenAccount) => email?.slice(0, MAX_EMAIL_LENGTH)

function wrongAccountOf(
  { sub, candidates }: LinkTransaction,
  { candidate }: CandidateAttempt,
  account: ProvenAccount,
): LinkTransaction['wrong'] {
  if (account.userId === candidates[candidate]?.userId) return undefined
  return {
    candidate,
    isCurrent: account.userId === sub,
    provider: providerOf(account.userId),
    email: account.email && maskEmail(account.email),
  }
}

function assertStrongEnough(
  { candidates }: LinkTransaction,
  { candidate }: CandidateAttempt,
  account: ProvenAccount,
): void {
  if (candidates[candidate]?.mfa && !account.hasUsedMfa) throw new LinkingError('mfa_required')
  if (!account.isEmailVerified) throw new LinkingError('unverified')
}

export const HEAD = () => documentHead(linkFlowServices())
export const POST = methodNotAllowed(linkFlowServices, 'GET, HEAD')
export { POST as DELETE, POST as OPTIONS, POST as PATCH, POST as PUT }
