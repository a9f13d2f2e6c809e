/**
 * `GET /link/confirm`: says what will happen, once the chosen account is proven. Its forms carry the signed answers.
 *
 * @module
 */
import { ConfirmDocument } from '@/components/linking/confirm'
import { appUrl } from '@/lib/config/app-url'
import { seeOther } from '@/lib/http/redirects'
import { documentHead, documentResponse } from '@/lib/link-flow/documents/document-response'
import { errorResponse } from '@/lib/link-flow/documents/error-response'
import { methodNotAllowed } from '@/lib/link-flow/documents/method-not-allowed'
import { assertStepAllowed } from '@/lib/link-flow/limits'
import { requireFlow } from '@/lib/link-flow/require-flow'
import { confirmView } from '@/lib/link-flow/views/confirm-view'
import { chooseMessages } from '@/lib/messages'

export async function GET(request: Request): Promise<Response> {
  try {
    const query = new URL(request.url).searchParams
    const transaction = await requireFlow(request, query.get('flow') ?? undefined)
    await assertStepAllowed(transaction)
    const proven = transaction.proof && transaction.candidates[transaction.proof.candidate]
    if (!proven) return seeOther(appUrl('/link/prompt', { flow: transaction.handle }))
    const messages = chooseMessages(request, transaction.uiLocales)
    const view = await confirmView(messages, transaction, proven, query.has('slow'))
    return await documentResponse(messages, (frame) => <ConfirmDocument view={{ ...frame, ...view }} />, {
      kind: 'leads-out',
    })
  } catch (error) {
    return errorResponse(request, error)
  }
}

export const HEAD = documentHead
export const POST = methodNotAllowed('GET, HEAD')
export { POST as DELETE, POST as OPTIONS, POST as PATCH, POST as PUT }
