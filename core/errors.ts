/**
 * The one list of codes: on the wire, in the core's refusals, in logs and on pages.
 * @module
 */

/** Why a pair of accounts is not linked. */
export type LinkRefusal =
  | 'same_account'
  | 'unverified'
  | 'email_mismatch'
  | 'blocked'
  | 'restricted'
  | 'untrusted_connection'
  | 'several_identities'
  | 'both_provisioned'
  | 'not_available'
  | 'metadata_too_large'
  | 'decision_changed'
  | 'busy'

/** Why a way in is not taken out of an account. */
export type UnlinkRefusal = 'not_linked' | 'primary_identity' | 'last_way_in' | 'blocked'

/** Why the linking service says no to a request. */
export type LinkingErrorCode =
  | 'missing_token'
  | 'missing_state'
  | 'bad_state'
  | 'bad_token'
  | 'bad_request'
  | 'expired'
  | 'clock'
  | 'already_used'
  | 'no_flow'
  | 'csrf'
  | 'wrong_account'
  | 'same_account'
  | 'bad_id_token'
  | 'bad_issuer'
  | 'reauth_required'
  | 'mfa_required'
  | 'unverified'
  | 'not_available'
  | 'not_linkable_here'
  | 'sign_in_failed'
  | 'tenant_unreachable'
  | 'store_unavailable'
  | 'rate_limited'
  | 'method_not_allowed'
  | 'not_found'
  | 'internal'

/** Why a link that was decided could not be carried out, or is not known to have been. */
export type LinkFailure = 'management_failed' | 'missing_scope' | 'link_refused' | 'outcome_unknown'

/** Why something that a person asks for on their own page is not done, or cannot be said to have been. */
export type SettingsRefusal =
  | LinkRefusal
  | UnlinkRefusal
  | LinkFailure
  | LinkingErrorCode
  | 'belongs_to_another'
  | 'unknown_connection'
  | 'changed'
  | 'outdated'
  | 'own_factor_required'
  | 'own_unverified'
  | 'mail_limit'
  | 'step_up_without_factor'

/** How the HTTP answer to an error differs from what its code says by itself. */
export interface ErrorDetails {
  /** Status to answer with, instead of the one of the code. */
  status?: number
  /** Seconds after which the person can try again. */
  retryAfter?: number
}

/** A request that the service refuses or cannot carry out. `code` is stable: pages, logs and tests switch on it. */
export class LinkingError extends Error {
  override readonly name = 'LinkingError'
  readonly details: ErrorDetails

  /**
   * @param code - What went wrong.
   * @param options - The error behind it, and details of the answer.
   */
  constructor(
    readonly code: LinkingErrorCode,
    { cause, ...details }: ErrorDetails & { cause?: unknown } = {},
  ) {
    super(code, cause === undefined ? undefined : { cause })
    this.details = details
  }
}
