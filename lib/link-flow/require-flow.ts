import 'server-only'
import { LinkingError } from '@/core/errors'
import { clearedCookie, hasFlowCookie, readLinkTransaction } from './link-transaction'
import { Refusal, resumeFromFlow } from './refusal'
import type { Services } from './services'
import type { LinkTransaction } from './transaction-shape'

/**
 * The open flow that a request names.
 *
 * @param handle - From the address or the form.
 * @throws {LinkingError} `no_flow` (its unreadable cookie is deleted), `already_used`, or `expired`, whose owner can resume the
 *   login.
 */
export async function requireFlow(
  services: Services,
  request: Request,
  handle: string | undefined,
): Promise<LinkTransaction> {
  const flow = await readLinkTransaction(services, request, handle)
  if (flow.status === 'open') return flow.transaction
  if (flow.status === 'expired') throw new Refusal('expired', { resume: resumeFromFlow(flow.transaction) })
  if (flow.status === 'used') throw new LinkingError('already_used')
  const isUnreadable = handle !== undefined && hasFlowCookie(services, request, handle)
  throw new Refusal('no_flow', {
    cookies: isUnreadable ? [clearedCookie(services, handle)] : [],
    isOfFlow: handle !== undefined,
  })
}
