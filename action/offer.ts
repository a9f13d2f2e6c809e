/**
 * The offer that the Action stores in the transaction's metadata while the browser is at the linking service.
 *
 * @see {@link https://auth0.com/docs/customize/actions/transaction-metadata Transaction metadata}
 * @module
 */
import type { CandidateHint, Identity } from '../core'

/** The offer's key in the transaction's metadata. */
export const OFFER_KEY = 'account_linking_offer'

/** One offer. Its `txn` is a random id that the response token must repeat. */
export interface Offer {
  txn: string
  /** When the Action made the offer, in seconds since the epoch. */
  at: number
  current: Identity
  candidates: OfferedAccount[]
}

/** An offered account, with what the prompt said about it. */
export type OfferedAccount = Identity & Partial<CandidateHint>
