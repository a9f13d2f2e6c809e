/**
 * `POST /link/finish`: the person's own click. The answer is checked, the flow used up, and the browser carries the same
 * form on to the tenant, so that the answer is in no address.
 *
 * @module
 */
import { errorResponse } from '@/lib/http/error-response'
import { formFields } from '@/lib/http/form-fields'
import { methodNotAllowed } from '@/lib/http/method-not-allowed'
import { appUrl, continueUrl, parseContinueDomain, repostTo, seeOther } from '@/lib/http/redirects'
import { refusalOfFlow } from '@/lib/http/refusal'
import { assertSameOrigin } from '@/lib/http/same-origin'
import { submittedFlow } from '@/lib/http/submitted-flow'
import { TOKEN_PARAMETER } from '@/lib/linking/contract'
import { LinkingError } from '@/lib/linking/errors'
import { fingerprint, logEvent } from '@/lib/log'
import { readLinkTransaction, takeLinkTransaction } from '@/lib/session/link-transaction'
import { type VerifiedAnswer, verifyResponseToken } from '@/lib/tokens/verify-response-token'
import { answersFlow } from './answers-flow'
import { slowResponse } from './slow-response'

/** Least seconds an answer must have left: the tenant has to receive it in time. */
const LEAST_LEFT = 30

export async function POST(request: Request): Promise<Response> {
  try {
    assertSameOrigin(request)
    const fields = await formFields(request)
    const answer = await verifyResponseToken(fields.get(TOKEN_PARAMETER) ?? '')
    const flow = await readLinkTransaction(request, fields.get('flow'))
    // Answers that link nothing are also taken where the flow is gone: they are how its owner gets on.
    const isFlowless = flow.status === 'none' || flow.status === 'expired'
    if (answer && answer.claims.result !== 'link' && isFlowless)
      return await finishWithoutFlow(request, fields, answer)
    return await finishFlow(request, fields, answer)
  } catch (error) {
    return errorResponse(request, error)
  }
}

async function finishFlow(
  request: Request,
  fields: ReadonlyMap<string, string>,
  answer: VerifiedAnswer | undefined,
): Promise<Response> {
  const transaction = await submittedFlow(request, fields)
  if (!answer || !answersFlow(answer.claims, transaction))
    throw refusalOfFlow(new LinkingError('bad_token'), transaction)
  const flow = transaction.handle
  if (answer.secondsLeft < LEAST_LEFT)
    return seeOther(appUrl(transaction.proof ? '/link/confirm' : '/link/prompt', { flow, slow: '1' }))
  const cleared = takeLinkTransaction(transaction)
  logAnswered(answer, flow)
  return repostTo(continueUrl(transaction.domain, transaction.state), [cleared])
}

async function finishWithoutFlow(
  request: Request,
  fields: ReadonlyMap<string, string>,
  answer: VerifiedAnswer,
): Promise<Response> {
  const domain = parseContinueDomain(fields.get('domain'))
  if (answer.secondsLeft < LEAST_LEFT) return slowResponse(request, answer, domain)
  logAnswered(answer)
  return repostTo(continueUrl(domain, answer.claims.state))
}

function logAnswered({ claims }: VerifiedAnswer, flow?: string): void {
  logEvent('flow_answered', {
    flow,
    result: claims.result,
    never: claims.never,
    user: fingerprint(claims.sub),
  })
}

export const GET = methodNotAllowed('POST')
export { GET as DELETE, GET as HEAD, GET as OPTIONS, GET as PATCH, GET as PUT }
