/**
 * `GET /link/confirm`: says what a link will do, after the chosen account was proven. Each of its buttons posts a response token.
 *
 * @module
 */

import { services } from '@/app/_services'
import { ConfirmDocument } from '@/components/linking/confirm'
import { seePage } from '@/lib/http/redirects'
import { brandOf, documentHead, documentResponse } from '@/lib/link-flow/documents/document-response'
import { errorResponse } from '@/lib/link-flow/documents/error-response'
import { methodNotAllowed } from '@/lib/link-flow/documents/method-not-allowed'
import { assertStepAllowed } from '@/lib/link-flow/limits'
import { requireFlow } from '@/lib/link-flow/require-flow'
import { assertNothingLost } from '@/lib/link-flow/rights-of-pair'
import { confirmView } from '@/lib/link-flow/views/confirm-view'
import { chooseMessages } from '@/lib/messages'

export async function GET(request: Request): Promise<Response> {
  try {
    const query = new URL(request.url).searchParams
    const transaction = await requireFlow(services(), request, query.get('flow') ?? undefined)
    await assertStepAllowed(services(), transaction)
    const proven = transaction.proof && transaction.candidates[transaction.proof.candidate]
    if (!proven) return seePage(services(), '/link/prompt', { flow: transaction.handle })
    if (transaction.isDocumented) await assertNothingLost(services(), transaction, proven)
    const messages = await chooseMessages(services(), request, transaction.uiLocales)
    const view = await confirmView(services(), messages, transaction, proven, query.has('slow'))
    return await documentResponse(
      services(),
      request,
      messages,
      (frame) => <ConfirmDocument view={{ ...frame, ...view }} />,
      {
        kind: 'leads-out',
        brandOf: brandOf(transaction),
      },
    )
  } catch (error) {
    return errorResponse(services(), request, error)
  }
}

export const HEAD = () => documentHead(services())
export const POST = methodNotAllowed(services, 'GET, HEAD')
export { POST as DELETE, POST as OPTIONS, POST as PATCH, POST as PUT }
