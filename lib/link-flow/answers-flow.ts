import 'server-only'
import type { ResponseClaims } from '@/core/contract-response-token'
import { primaryAndSecondary } from '@/lib/link-flow/flow-identities'
import type { LinkTransaction } from '@/lib/link-flow/transaction-shape'

/**
 * Whether a response token (our signed answer to the Action) belongs to a flow. It must name the flow's `sub`, `state` and
 * transaction id. If its result is `link`, its primary and secondary must be the current account and the candidate that the
 * person proved ownership of in this flow.
 *
 * @param claims - The claims of a response token that we signed.
 */
export function answersFlow(claims: ResponseClaims, transaction: LinkTransaction): boolean {
  const { sub, state, transactionId, proof, candidates } = transaction
  if (claims.sub !== sub || claims.state !== state || claims.transactionId !== transactionId) return false
  if (claims.result !== 'link') return true
  const proven = proof && candidates[proof.candidate]
  if (!proven) return false
  const pair = primaryAndSecondary(transaction, proven)
  return claims.primary?.userId === pair.primary.userId && claims.secondary?.userId === pair.secondary.userId
}
