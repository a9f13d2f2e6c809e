/**
 * `GET /link/prompt`: shows the prompt, which asks whether the candidates are the person's own. After a sign-out, the tenant
 * sends the browser here without query parameters. So without `flow`, this route uses the browser's flow with a wrong account, or
 * its newest flow.
 *
 * @module
 */

import { linkFlowServices } from '@/app/_services'
import { PromptDocument } from '@/components/linking/prompt'
import { brandOf, documentHead, documentResponse } from '@/lib/link-flow/documents/document-response'
import { errorResponse } from '@/lib/link-flow/documents/error-response'
import { methodNotAllowed } from '@/lib/link-flow/documents/method-not-allowed'
import { takeArrival } from '@/lib/link-flow/just-arrived'
import { assertStepAllowed } from '@/lib/link-flow/limits'
import { openFlows } from '@/lib/link-flow/link-transaction'
import { Refusal } from '@/lib/link-flow/refusal'
import { requireFlow } from '@/lib/link-flow/require-flow'
import { promptView } from '@/lib/link-flow/views/prompt-view'
import { chooseMessages } from '@/lib/messages'

export async function GET(request: Request): Promise<Response> {
  try {
    const query = new URL(request.url).searchParams
    const handle = query.get('flow') ?? (await flowToAsk(request))
    const transaction = await requireFlow(linkFlowServices(), request, handle).catch((error: unknown) =>
      helpOn(request, handle, error),
    )
    await assertStepAllowed(linkFlowServices(), transaction)
    const messages = await chooseMessages(linkFlowServices(), request, transaction.uiLocales)
    const view = await promptView(linkFlowServices(), messages, transaction, query)
    return await documentResponse(
      linkFlowServices(),
      request,
      messages,
      (frame) => <PromptDocument view={{ ...frame, ...view }} />,
      {
        kind: 'leads-out',
        brandOf: brandOf(transaction),
      },
    )
  } catch (error) {
    return errorResponse(linkFlowServices(), request, error)
  }
}

/** Adds to a `no_flow` error how the login resumes, if its session token has just arrived in a browser that keeps no cookies. */
async function helpOn(request: Request, handle: string | undefined, error: unknown): Promise<never> {
  if (!(error instanceof Refusal) || error.code !== 'no_flow') throw error
  const resume = await takeArrival(linkFlowServices(), request, handle)
  throw resume ? new Refusal('no_flow', { ...error.details, resume, isCookieless: true }) : error
}

async function flowToAsk(request: Request): Promise<string | undefined> {
  const flows = await openFlows(linkFlowServices(), request)
  return (flows.find(({ wrong }) => wrong) ?? flows[0])?.handle
}

export const HEAD = () => documentHead(linkFlowServices())
export const POST = methodNotAllowed(linkFlowServices, 'GET, HEAD')
export { POST as DELETE, POST as OPTIONS, POST as PATCH, POST as PUT }
