/**
 * `POST /link/authenticate`: redirects to the tenant, at which the person signs in to the chosen account.
 *
 * @module
 */

import { linkFlowServices } from '@/app/_services'
import { providerOf } from '@/core/identity'
import { proofDomain } from '@/lib/config/domain-of'
import { formFields } from '@/lib/http/form-fields'
import { redirectToPage, seeOther } from '@/lib/http/redirects'
import { assertSameOrigin } from '@/lib/http/same-origin'
import { CALLBACK_PATH } from '@/lib/link-flow/callback-path'
import { errorResponse } from '@/lib/link-flow/documents/error-response'
import { methodNotAllowed } from '@/lib/link-flow/documents/method-not-allowed'
import { assertStepAllowed } from '@/lib/link-flow/limits'
import { updatedCookie } from '@/lib/link-flow/link-transaction'
import { refusalOfFlow } from '@/lib/link-flow/refusal'
import { submittedFlow } from '@/lib/link-flow/submitted-flow'
import type { LinkTransaction } from '@/lib/link-flow/transaction-shape'
import { startAuthorization } from '@/lib/oidc/start-authorization'

export async function POST(request: Request): Promise<Response> {
  try {
    assertSameOrigin(linkFlowServices().appBaseUrl, request)
    const fields = await formFields(request)
    const transaction = await submittedFlow(linkFlowServices(), request, fields)
    await assertStepAllowed(linkFlowServices(), transaction)
    return await leave(transaction, fields.get('candidate'))
  } catch (error) {
    return errorResponse(linkFlowServices(), request, error)
  }
}

async function leave(transaction: LinkTransaction, chosen: string | undefined): Promise<Response> {
  const index = transaction.candidates.findIndex((_candidate, position) => String(position) === chosen)
  const candidate = transaction.candidates[index]
  if (!candidate)
    return redirectToPage(linkFlowServices(), '/link/prompt', { flow: transaction.handle, choose: '1' })
  try {
    const { url, attempt } = await startAuthorization(linkFlowServices(), {
      domain: proofDomain(linkFlowServices(), transaction.domain),
      handle: transaction.handle,
      callback: CALLBACK_PATH,
      connection: { name: candidate.connection, provider: providerOf(candidate.userId) },
      isListWanted: transaction.wrong !== undefined,
      loginHint: transaction.email,
      needsMfa: candidate.mfa,
    })
    return seeOther(linkFlowServices(), url, [
      await updatedCookie(linkFlowServices(), {
        ...transaction,
        attempt: { ...attempt, candidate: index },
        proof: undefined,
      }),
    ])
  } catch (error) {
    throw refusalOfFlow(error, transaction)
  }
}

export const GET = methodNotAllowed(linkFlowServices, 'POST')
export { GET as DELETE, GET as HEAD, GET as OPTIONS, GET as PATCH, GET as PUT }
