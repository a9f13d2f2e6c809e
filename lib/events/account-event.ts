/**
 * The events of an account, as the rest of the application emits them. `event-payload.ts` turns each into the body of a webhook.
 * @module
 */
import 'server-only'

/** The `way` of links that an operator made, in snapshots and events. Events have it for all that an operator does. */
export const OPERATOR_WAY = 'operator'

/** What happened; also the `type` in the body of a webhook. */
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
  /** Message id without a dot. Set it if the same event may be emitted twice. By default each emission gets a new id. */
  id?: string
  type: AccountEventType
  /** The primary account, or the only account that is concerned: `provider|id`. */
  userId: string
  /** The current email address of `userId`, if known. */
  email?: string
  /** The other account or identity, if there is one and it is known. */
  other?: { userId: string; connection?: string; email?: string }
  /**
   * Where it happened, and how the person proved ownership of the other account: `login` (the redirect flow), `settings`
   * (M2M), `settings_linking_client`, `settings_user`. No one proved ownership with `operator`, `mail` (the reader of a mail
   * said that it was not them) and `foreign` (not made by this project).
   */
  way: string
  /** Application at which it happened. Empty if not known. */
  clientId: string
  clientName?: string
  /** Code of a refusal; or the reason that an operator gave for looking or acting, without the email addresses in it. */
  reason?: string
  /** User id of the operator who looked or acted in the console. */
  operator?: string
  /** What an operator did in the console. */
  act?: string
  /** Set if the person declined the link for good. */
  never?: boolean
  /** Names of metadata keys that were withheld on unlink or restore. Only the operator can restore them. */
  heldBack?: string[]
  /** `account.removed` only: the account that the removed one was part of, if any. Used for mails only. */
  formerlyIn?: string
  /** `account.removed` only: whether `email` was verified. Used for mails only. */
  isEmailVerified?: boolean | undefined
  /** Languages of the person, if known: BCP 47 tags, space separated, best first. */
  language?: string
}
