/**
 * `GET /link/wrong-account`: says to which account the person signed in and which one they had chosen. It offers to try again, to
 * sign out at the tenant, or to continue without linking.
 *
 * @module
 */

import { services } from '@/app/_services'
import { LinkingError } from '@/core/errors'
import { seePage } from '@/lib/http/redirects'
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
    const transaction = await requireFlow(services(), request, flow)
    await assertStepAllowed(services(), transaction)
    if (!transaction.wrong) return seePage(services(), '/link/prompt', { flow })
    const code = transaction.wrong.isCurrent ? 'same_account' : 'wrong_account'
    const messages = await chooseMessages(services(), request, transaction.uiLocales)
    const parts = await wrongAccountParts(services(), messages, transaction, transaction.wrong)
    return await errorResponse(services(), request, refusalOfFlow(new LinkingError(code), transaction), parts)
  } catch (error) {
    return errorResponse(services(), request, error)
  }
}

export const HEAD = () => documentHead(services())
export const POST = methodNotAllowed(services, 'GET, HEAD')
export { POST as DELETE, POST as OPTIONS, POST as PATCH, POST as PUT }
