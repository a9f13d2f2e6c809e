import 'server-only'
import type { ResponseClaims } from '@/core/contract-response-token'
import { pairOf } from '@/lib/link-flow/flow-identities'
import type { LinkTransaction } from '@/lib/link-flow/transaction-shape'

/**
 * Whether an answer belongs to a flow: it was made for the flow's login, and if it links, it names the pair that was proven there.
 *
 * @param claims - Of an answer that we signed.
 */
export function answersFlow(claims: ResponseClaims, transaction: LinkTransaction): boolean {
  const { sub, state, transactionId, proof, candidates } = transaction
  if (claims.sub !== sub || claims.state !== state || claims.transactionId !== transactionId) return false
  if (claims.result !== 'link') return true
  const proven = proof && candidates[proof.candidate]
  if (!proven) return false
  const pair = pairOf(transaction, proven)
  return claims.primary?.userId === pair.primary.userId && claims.secondary?.userId === pair.secondary.userId
}
