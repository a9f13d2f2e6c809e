/**
 * Emits the events of the redirect flow. It does not emit links: the Action makes them and reports them through
 * `POST /events`.
 * @module
 */
import 'server-only'
import type { ResponseClaims } from '../../core/contract-response-token'
import type { LinkingErrorCode } from '../../core/errors'
import type { AccountEvent } from '../events/account-event'
import type { Services } from './services'
import type { LinkTransaction } from './transaction-shape'

/**
 * Error codes with which we refuse the account that the person signed in to as proof. Canceled and failed sign-ins are only
 * logged.
 */
const REFUSALS: LinkingErrorCode[] = [
  'wrong_account',
  'same_account',
  'mfa_required',
  'unverified',
  'not_available',
  'reauth_required',
]

/**
 * Emits that the person declined. There is one event for all offered accounts. It names the other account if only one was
 * offered.
 *
 * @param claims - The claims of the response token.
 * @param transaction - The flow that the response token belongs to; undefined if the flow is gone.
 */
export function emitDeclined(
  services: Pick<Services, 'events'>,
  { sub, never }: Pick<ResponseClaims, 'sub' | 'never'>,
  transaction?: LinkTransaction,
): void {
  const [only, ...more] = transaction?.candidates ?? []
  services.events.emit({
    ...loginOf(transaction),
    type: 'account.link_declined',
    userId: sub,
    other: more.length === 0 ? only : undefined,
    never,
  })
}

/**
 * Emits that we refused the account that the person signed in to as proof. Emits nothing for a code that is not in
 * {@link REFUSALS}.
 *
 * @param other - The account that the person signed in to, or should have signed in to.
 */
export function emitRefused(
  services: Pick<Services, 'events'>,
  transaction: LinkTransaction,
  reason: LinkingErrorCode,
  other?: AccountEvent['other'],
): void {
  if (!REFUSALS.includes(reason)) return
  services.events.emit({
    ...loginOf(transaction),
    type: 'account.link_refused',
    userId: transaction.sub,
    other,
    reason,
  })
}

/** The fields of an event that describe the flow's login. */
function loginOf(transaction: LinkTransaction | undefined) {
  return {
    way: 'login',
    clientId: transaction?.clientId ?? '',
    clientName: transaction?.clientName,
    email: transaction?.email,
    language: transaction?.uiLocales,
  }
}
