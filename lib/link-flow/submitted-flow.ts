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
 * The open flow whose document sent a form.
 *
 * @param fields - `flow` and `csrf`.
 * @throws {LinkingError} `csrf` if the form was made for another flow; otherwise as {@link requireFlow}. If the flow is gone, the
 *   error resumes the login that the form itself carries.
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
 * A browser keeps few flows, and each address that another person makes it open may displace one. The form of a displaced flow
 * carries an answer for its own login, so its owner resumes that login and no other.
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
