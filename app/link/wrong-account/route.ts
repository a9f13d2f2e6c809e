/**
 * `GET /link/wrong-account`: says to which account the person signed in and which one they had chosen. It offers to try again, to
 * sign out at the tenant, or to continue without linking.
 *
 * @module
 */

import { linkFlowServices } from '@/app/_services'
import { LinkingError } from '@/core/errors'
import { redirectToPage } from '@/lib/http/redirects'
import { documentHead } from '@/lib/link-flow/documents/document-response'
import { errorResponse } from '@/lib/link-flow/documents/error-response'
import { methodNotAllowed } from '@/lib/link-flow/documents/method-not-allowed'
import { assertStepAllowed } from '@/lib/link-flow/limits'
import { refusalOfFlow } from '@/lib/link-flow/refusal'
import { requireFlow } from '@/lib/link-flow/require-flow'
import { wrongAccountParts } from '@/lib/link-flow/views/wrong-account-parts'
import { chooseMessages } from '@/lib/messages'

export async function GET(request: Request): Promise<Response> {
  try {
    const flow = new URL(request.url).searchParams.get('flow') ?? undefined
    const transaction = await requireFlow(linkFlowServices(), request, flow)
    await assertStepAllowed(linkFlowServices(), transaction)
    if (!transaction.wrong) return redirectToPage(linkFlowServices(), '/link/prompt', { flow })
    const code = transaction.wrong.isCurrent ? 'same_account' : 'wrong_account'
    const messages = await chooseMessages(linkFlowServices(), request, transaction.uiLocales)
    const parts = await wrongAccountParts(linkFlowServices(), messages, transaction, transaction.wrong)
    return await errorResponse(
      linkFlowServices(),
      request,
      refusalOfFlow(new LinkingError(code), transaction),
      parts,
    )
  } catch (error) {
    return errorResponse(linkFlowServices(), request, error)
  }
}

export const HEAD = () => documentHead(linkFlowServices())
export const POST = methodNotAllowed(linkFlowServices, 'GET, HEAD')
export { POST as DELETE, POST as OPTIONS, POST as PATCH, POST as PUT }
