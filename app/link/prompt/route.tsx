/**
 * `GET /link/prompt`: asks whether the accounts found are the person's own. Without `flow` it is the newest one of this
 * browser: a tenant sends people back here after signing out, and takes no parameters along.
 *
 * @module
 */
import { PromptDocument } from '@/components/linking/prompt'
import { documentHead, documentResponse } from '@/lib/http/document-response'
import { errorResponse } from '@/lib/http/error-response'
import { methodNotAllowed } from '@/lib/http/method-not-allowed'
import { assertStepAllowed } from '@/lib/http/rate-limit'
import { requireFlow } from '@/lib/http/require-flow'
import { chooseMessages } from '@/lib/messages'
import { openFlows } from '@/lib/session/link-transaction'
import { promptView } from '../_views/prompt-view'

export async function GET(request: Request): Promise<Response> {
  try {
    const query = new URL(request.url).searchParams
    const handle = query.get('flow') ?? (await openFlows(request))[0]?.handle
    const transaction = await requireFlow(request, handle)
    await assertStepAllowed(transaction)
    const messages = chooseMessages(request, transaction.uiLocales)
    const view = await promptView(messages, transaction, query)
    return await documentResponse(messages, (frame) => <PromptDocument view={{ ...frame, ...view }} />, {
      kind: 'leads-out',
    })
  } catch (error) {
    return errorResponse(request, error)
  }
}

export const HEAD = documentHead
export const POST = methodNotAllowed('GET, HEAD')
export { POST as DELETE, POST as OPTIONS, POST as PATCH, POST as PUT }
