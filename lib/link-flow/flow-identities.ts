/**
 * The accounts of a flow: the current account, which is the account of this login, and the candidates, which it may be
 * linked with. This module chooses the candidates to offer, and the pair of accounts that a response token names.
 * @module
 */
import 'server-only'
import type { TokenIdentity } from '@/core/contract'
import type { SessionTokenClaims, TokenCandidate } from '@/core/contract-session-token'
import { providerOf, splitUserId } from '@/core/identity'
import { isTrusted } from '@/core/rules/policy'
import type { Services } from './services'
import type { FlowCandidate, LinkTransaction } from './transaction-shape'

/** The candidates that can be offered, or why there are none. */
export type Offer =
  | { offered: FlowCandidate[]; reason?: undefined }
  | { offered?: undefined; reason: 'no_candidates' | 'not_linkable_here' }

/**
 * Chooses the candidates that can be offered. Our own Action has already applied the operator's connection lists
 * (`TRUSTED_CONNECTIONS`, `BLOCKED_CONNECTIONS`), and applies them again before it links. The Actions that Auth0 publishes
 * as samples do not know these lists, so for them this function checks both accounts.
 *
 * @param claims - The claims of a verified session token.
 */
export function chooseOffer(services: Pick<Services, 'policy'>, claims: SessionTokenClaims): Offer {
  const isDocumented = claims.contract === 'documented'
  if (isDocumented && !isTrustedHere(services, claims.current)) return { reason: 'no_candidates' }
  const trusted = isDocumented
    ? claims.candidates.filter((each) => isTrustedHere(services, each))
    : claims.candidates
  if (trusted.length === 0) return { reason: 'no_candidates' }
  const offered = trusted.flatMap((candidate) => {
    const stays = whichStays(claims, candidate)
    return stays ? [toFlowCandidate(candidate, stays)] : []
  })
  return offered.length > 0 ? { offered } : { reason: 'not_linkable_here' }
}

function isTrustedHere(
  services: Pick<Services, 'policy'>,
  { provider, connection, isOtherConnection }: TokenIdentity,
): boolean {
  const source = { provider, connection: isOtherConnection ? undefined : connection }
  return isTrusted(source, services.policy)
}

/**
 * Which account becomes the primary. Our own Action says so in the token. With Auth0's published Actions it is the
 * candidate, which is older. But the one of them that sends `continue_url` cuts the secondary's user id at its second bar.
 * So an account whose user id has two bars can only be the primary. If both user ids have two, the accounts cannot be
 * linked, and the result is undefined.
 */
function whichStays(
  claims: SessionTokenClaims,
  candidate: TokenCandidate,
): FlowCandidate['stays'] | undefined {
  if (candidate.hint) return candidate.hint.stays
  if (!claims.continueUrl || !hasSeveralBars(claims.current.userId)) return 'candidate'
  return hasSeveralBars(candidate.userId) ? undefined : 'current'
}

const hasSeveralBars = (userId: string) => splitUserId(userId)?.id.includes('|') ?? false

function toFlowCandidate(
  { userId, connection, hint }: TokenCandidate,
  stays: FlowCandidate['stays'],
): FlowCandidate {
  return {
    userId,
    connection,
    stays,
    ...(hint && { carried: hint.carried }),
    ...(hint?.fields && { fields: hint.fields }),
    ...(hint?.rights && { rights: hint.rights }),
    ...(hint?.mfa && { mfa: true }),
    ...(hint && hint.also.length > 0 && { also: hint.also }),
    ...(hint?.more && { more: hint.more }),
    ...(hint?.since && { since: hint.since }),
  }
}

/**
 * The primary and the secondary account that a response token names if a candidate is linked.
 *
 * @param candidate - A candidate of the transaction.
 */
export function primaryAndSecondary(
  { sub, connection }: LinkTransaction,
  candidate: FlowCandidate,
): { primary: TokenIdentity; secondary: TokenIdentity } {
  const current = toTokenIdentity({ userId: sub, connection })
  const other = toTokenIdentity(candidate)
  return candidate.stays === 'current'
    ? { primary: current, secondary: other }
    : { primary: other, secondary: current }
}

function toTokenIdentity({ userId, connection }: { userId: string; connection: string }): TokenIdentity {
  return { userId, connection, provider: providerOf(userId) }
}
