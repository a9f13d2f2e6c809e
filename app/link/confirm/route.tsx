/**
 * `GET /link/confirm`: says what a link will do, after the chosen account was proven. Each of its buttons posts a response token.
 *
 * @module
 */

import { linkFlowServices } from '@/app/_services'
import { ConfirmDocument } from '@/components/linking/confirm'
import { redirectToPage } from '@/lib/http/redirects'
import { brandOf, documentHead, documentResponse } from '@/lib/link-flow/documents/document-response'
import { errorResponse } from '@/lib/link-flow/documents/error-response'
import { methodNotAllowed } from '@/lib/link-flow/documents/method-not-allowed'
import { assertStepAllowed } from '@/lib/link-flow/limits'
import { requireFlow } from '@/lib/link-flow/require-flow'
import { assertMayLink } from '@/lib/link-flow/rights-of-pair'
import { confirmView } from '@/lib/link-flow/views/confirm-view'
import { chooseMessages } from '@/lib/messages'

export async function GET(request: Request): Promise<Response> {
  try {
    const query = new URL(request.url).searchParams
    const transaction = await requireFlow(linkFlowServices(), request, query.get('flow') ?? undefined)
    await assertStepAllowed(linkFlowServices(), transaction)
    const proven = transaction.proof && transaction.candidates[transaction.proof.candidate]
    if (!proven) return redirectToPage(linkFlowServices(), '/link/prompt', { flow: transaction.handle })
    if (transaction.isDocumented) await assertMayLink(linkFlowServices(), transaction, proven)
    const messages = await chooseMessages(linkFlowServices(), request, transaction.uiLocales)
    const view = await confirmView(linkFlowServices(), messages, transaction, proven, query.has('slow'))
    return await documentResponse(
      linkFlowServices(),
      request,
      messages,
      (frame) => <ConfirmDocument view={{ ...frame, ...view }} />,
      {
        kind: 'leads-out',
        brandOf: brandOf(transaction),
      },
    )
  } catch (error) {
    return errorResponse(linkFlowServices(), request, error)
  }
}

export const HEAD = () => documentHead(linkFlowServices())
export const POST = methodNotAllowed(linkFlowServices, 'GET, HEAD')
export { POST as DELETE, POST as OPTIONS, POST as PATCH, POST as PUT }
