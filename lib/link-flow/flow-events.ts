/**
 * What the redirect flow tells. A link itself is told by the Action that makes it, through `POST /events`.
 * @module
 */
import 'server-only'
import type { ResponseClaims } from '../../core/contract'
import type { LinkingErrorCode } from '../../core/errors'
import type { AccountEvent } from '../events/account-event'
import type { Services } from './services'
import type { LinkTransaction } from './transaction-shape'

/** What says no to the account that was signed in to. Cancelled sign-ins and broken ones are lines of the log only. */
const REFUSALS: LinkingErrorCode[] = [
  'wrong_account',
  'same_account',
  'mfa_required',
  'unverified',
  'not_available',
  'reauth_required',
]

/**
 * Tells that the offer was declined: once for everything that was offered. The other account is named where there was
 * one only.
 *
 * @param claims - The answer that is passed on.
 * @param transaction - The flow it was given in; undefined where that is gone.
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
 * Tells that a second sign-in came back and was not enough; other codes tell nothing.
 *
 * @param other - The account that was signed in to, or was meant to be.
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

/** The login that a flow belongs to, as far as its token told. */
function loginOf(transaction: LinkTransaction | undefined) {
  return {
    way: 'login',
    clientId: transaction?.clientId ?? '',
    clientName: transaction?.clientName,
    email: transaction?.email,
    language: transaction?.uiLocales?.split(/[ -]/)[0],
  }
}
