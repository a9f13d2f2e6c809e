/**
 * The events of the redirect flow. The Action that makes a link reports the link itself, through `POST /events`.
 * @module
 */
import 'server-only'
import type { ResponseClaims } from '../../core/contract-response-token'
import type { LinkingErrorCode } from '../../core/errors'
import type { AccountEvent } from '../events/account-event'
import type { Services } from './services'
import type { LinkTransaction } from './transaction-shape'

/** Refusals of the account that was signed in to. Cancelled and failed sign-ins are log lines only. */
const REFUSALS: LinkingErrorCode[] = [
  'wrong_account',
  'same_account',
  'mfa_required',
  'unverified',
  'not_available',
  'reauth_required',
]

/**
 * Emits that the person declined: one event for all accounts that were offered. It names the other account if there was only one.
 *
 * @param claims - The answer that is passed on.
 * @param transaction - The flow of the answer; undefined if it is gone.
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
 * Emits that a second sign-in came back and was refused; other codes emit nothing.
 *
 * @param other - The account that was signed in to, or that was meant.
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

/** The login that a flow belongs to, as far as its token says. */
function loginOf(transaction: LinkTransaction | undefined) {
  return {
    way: 'login',
    clientId: transaction?.clientId ?? '',
    clientName: transaction?.clientName,
    email: transaction?.email,
    language: transaction?.uiLocales,
  }
}
