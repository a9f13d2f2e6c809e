/**
 * `POST /link/authenticate`: leaves for the tenant, where the chosen account is signed in to.
 *
 * @module
 */
import { proofDomain } from '@/lib/config/domain-of'
import { errorResponse } from '@/lib/http/error-response'
import { formFields } from '@/lib/http/form-fields'
import { methodNotAllowed } from '@/lib/http/method-not-allowed'
import { assertStepAllowed } from '@/lib/http/rate-limit'
import { appUrl, seeOther } from '@/lib/http/redirects'
import { refusalOfFlow } from '@/lib/http/refusal'
import { assertSameOrigin } from '@/lib/http/same-origin'
import { submittedFlow } from '@/lib/http/submitted-flow'
import { startAuthorization } from '@/lib/oidc/start-authorization'
import { providerOf } from '@/lib/session/flow-identities'
import { updatedCookie } from '@/lib/session/link-transaction'
import type { LinkTransaction } from '@/lib/session/transaction-shape'
import { CALLBACK_PATH } from '../callback-path'

export async function POST(request: Request): Promise<Response> {
  try {
    assertSameOrigin(request)
    const fields = await formFields(request)
    const transaction = await submittedFlow(request, fields)
    await assertStepAllowed(transaction)
    return await leave(transaction, fields.get('candidate'))
  } catch (error) {
    return errorResponse(request, error)
  }
}

async function leave(transaction: LinkTransaction, chosen: string | undefined): Promise<Response> {
  const index = transaction.candidates.findIndex((_candidate, position) => String(position) === chosen)
  const candidate = transaction.candidates[index]
  if (!candidate) return seeOther(appUrl('/link/prompt', { flow: transaction.handle, choose: '1' }))
  try {
    const { url, attempt } = await startAuthorization({
      domain: proofDomain(transaction.domain),
      handle: transaction.handle,
      callback: CALLBACK_PATH,
      connection: { name: candidate.connection, provider: providerOf(candidate.userId) },
      isListWanted: transaction.wrong !== undefined,
      loginHint: transaction.email,
      needsMfa: candidate.mfa,
    })
    return seeOther(url, [
      await updatedCookie({
        ...transaction,
        attempt: { ...attempt, candidate: index },
        proof: undefined,
      }),
    ])
  } catch (error) {
    throw refusalOfFlow(error, transaction)
  }
}

export const GET = methodNotAllowed('POST')
export { GET as DELETE, GET as HEAD, GET as OPTIONS, GET as PATCH, GET as PUT }
