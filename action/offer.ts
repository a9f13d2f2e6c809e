/**
 * What the Action remembers of an offer while the person is away, in the transaction's metadata.
 *
 * @see {@link https://auth0.com/docs/customize/actions/transaction-metadata Transaction metadata}
 * @module
 */
import type { CandidateHint, Identity } from '../core'

/** The key under which the transaction's metadata holds the offer. */
export const OFFER_KEY = 'account_linking_offer'

/** The identities of one offer, under a random id that the answer has to name. */
export interface Offer {
  txn: string
  /** When it was made, in seconds since the epoch. */
  at: number
  current: Identity
  candidates: OfferedAccount[]
}

/** An account that was offered, with what the prompt said about it. */
export type OfferedAccount = Identity & Partial<CandidateHint>
