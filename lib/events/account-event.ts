/**
 * What can happen to an account, as the rest of the application reports it. `event-payload.ts` turns it into what a webhook gets.
 * @module
 */
import 'server-only'

/** What happened; also the `type` that a webhook gets. */
export type AccountEventType =
  | 'account.linked'
  | 'account.unlinked'
  | 'account.restored'
  | 'account.removed'
  | 'account.link_refused'
  | 'account.link_declined'
  | 'account.link_disputed'
  | 'account.change_disputed'
  | 'operator.looked'
  | 'operator.acted'

/** Something that happened to an account. */
export interface AccountEvent {
  type: AccountEventType
  /** The account that stays, or is acted on: `provider|id`. */
  userId: string
  /** Its current address, if known. */
  email?: string
  /** The other account or identity, if there is one and it is known. */
  other?: { userId: string; connection?: string; email?: string }
  /**
   * Where it happened and how the person proved the other account: `login` (the redirect flow), `settings` (M2M),
   * `settings_link_with`, `settings_user`; or `operator`, for which no one proved it.
   */
  way: string
  /** Empty if it is not known. */
  clientId: string
  clientName?: string
  /** Code of a refusal; or why an operator looked or acted, in their words without addresses. */
  reason?: string
  /** User id of the operator who looked or acted in the console. */
  operator?: string
  /** What an operator did in the console. */
  act?: string
  /** Of a decline: for good. */
  never?: boolean
  /** Names of metadata keys that were withheld on unlink or restore (only the operator can give those back). */
  heldBack?: string[]
  /** Of a removal: the account that it was part of, if it was part of one. For mails alone. */
  formerlyIn?: string
  /** Of a removal: whether `email` was verified. For mails alone. */
  isEmailVerified?: boolean | undefined
  /** Languages of the person, if known: BCP 47 tags, space separated, best first. */
  language?: string
}
