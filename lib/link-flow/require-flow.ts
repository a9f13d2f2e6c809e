import 'server-only'
import { LinkingError } from '@/core/errors'
import { clearedCookie, hasFlowCookie, readLinkTransaction } from './link-transaction'
import { Refusal, resumeFromFlow } from './refusal'
import type { Services } from './services'
import type { LinkTransaction } from './transaction-shape'

/**
 * Returns the open flow that a request names.
 *
 * @param handle - The flow's handle, from the URL or the form.
 * @throws {LinkingError} `no_flow`, with a `Set-Cookie` line that deletes an unreadable cookie; `already_used`; or `expired`,
 *   with how the login resumes.
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
