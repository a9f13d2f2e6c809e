import 'server-only'
import { timingSafeEqual } from 'node:crypto'
import { TOKEN_PARAMETER } from '@/core/contract'
import { LinkingError } from '@/core/errors'
import { flowHandle } from './link-transaction'
import { Refusal, refusalOfFlow, resumeFromAnswer } from './refusal'
import { requireFlow } from './require-flow'
import type { Services } from './services'
import { verifyResponseToken } from './tokens/verify-response-token'
import type { LinkTransaction } from './transaction-shape'

/**
 * Returns the open flow whose document posted a form.
 *
 * @param fields - The form's fields. `flow` and `csrf` must be among them.
 * @throws {LinkingError} `csrf` if the form was made for another flow; otherwise the errors of {@link requireFlow}. If the flow
 *   is gone, `no_flow` says how to resume the login for which the form carries a response token.
 */
export async function submittedFlow(
  services: Services,
  request: Request,
  fields: ReadonlyMap<string, string>,
): Promise<LinkTransaction> {
  const transaction = await requireFlow(services, request, fields.get('flow')).catch((error: unknown) =>
    helpOn(services, error, fields),
  )
  const expected = Buffer.from(transaction.csrf)
  const given = Buffer.from(fields.get('csrf') ?? '')
  if (given.length !== expected.length || !timingSafeEqual(given, expected))
    throw refusalOfFlow(new LinkingError('csrf'), transaction)
  return transaction
}

/**
 * Adds to a `no_flow` error how the login resumes. A browser keeps few flows, so a URL that someone else made it open may
 * displace one. But the displaced flow's form carries a response token for its login, so its owner can still resume exactly that
 * login.
 */
async function helpOn(
  services: Pick<Services, 'appBaseUrl' | 'sharedSecret'>,
  error: unknown,
  fields: ReadonlyMap<string, string>,
): Promise<never> {
  if (!(error instanceof Refusal) || error.code !== 'no_flow') throw error
  const answer = await verifyResponseToken(services, fields.get(TOKEN_PARAMETER) ?? '')
  if (!answer || flowHandle(answer.claims.state) !== fields.get('flow')) throw error
  throw new Refusal('no_flow', { ...error.details, resume: resumeFromAnswer(answer, fields.get('domain')) })
}
