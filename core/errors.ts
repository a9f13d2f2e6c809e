/**
 * All error and refusal codes, as used on the wire, in logs and on pages.
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
  | 'roles_lost'
  | 'permissions_lost'
  | 'memberships_lost'
  | 'factors_lost'
  | 'rights_unread'
  | 'rights_too_many'
  | 'adoption_refused'
  | 'decision_changed'
  | 'busy'

/** Why an identity is not unlinked from its account. */
export type UnlinkRefusal = 'not_linked' | 'primary_identity' | 'last_way_in' | 'blocked'

/** Why the linking service refuses a request. */
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

/** HTTP status and severity of an error code. */
export interface ErrorFacts {
  /** HTTP status of the response, unless {@link ErrorDetails.status} overrides it. */
  status: number
  /** `note`: everyday use. `warning`: look for the cause if there are many. `error`: the operator has to fix something. */
  severity: 'note' | 'warning' | 'error'
}

/** The facts of every code. `operator/shared/code-catalogue.ts` explains each to operators, `messages/` to users. */
export const ERROR_FACTS: Record<LinkingErrorCode, ErrorFacts> = {
  missing_token: { status: 400, severity: 'note' },
  missing_state: { status: 400, severity: 'note' },
  bad_state: { status: 400, severity: 'note' },
  bad_token: { status: 400, severity: 'warning' },
  bad_request: { status: 400, severity: 'note' },
  expired: { status: 400, severity: 'note' },
  clock: { status: 400, severity: 'error' },
  already_used: { status: 400, severity: 'note' },
  no_flow: { status: 400, severity: 'note' },
  csrf: { status: 400, severity: 'warning' },
  wrong_account: { status: 400, severity: 'note' },
  same_account: { status: 400, severity: 'note' },
  bad_id_token: { status: 400, severity: 'warning' },
  bad_issuer: { status: 400, severity: 'error' },
  reauth_required: { status: 400, severity: 'warning' },
  mfa_required: { status: 400, severity: 'note' },
  unverified: { status: 400, severity: 'note' },
  not_available: { status: 400, severity: 'note' },
  not_linkable_here: { status: 400, severity: 'warning' },
  sign_in_failed: { status: 400, severity: 'note' },
  tenant_unreachable: { status: 503, severity: 'error' },
  store_unavailable: { status: 503, severity: 'error' },
  rate_limited: { status: 429, severity: 'warning' },
  method_not_allowed: { status: 405, severity: 'note' },
  not_found: { status: 404, severity: 'note' },
  internal: { status: 500, severity: 'error' },
}

/** Why a link that was decided failed, or may have failed. */
export type LinkFailure = 'management_failed' | 'missing_scope' | 'link_refused' | 'outcome_unknown'

/** Why a request on the page "Sign-in methods" was refused or failed, or may have failed. */
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

/** Details of the HTTP response to one error. */
export interface ErrorDetails {
  /** Overrides the code's HTTP status. */
  status?: number
  /** Seconds after which the person can try again. */
  retryAfter?: number
}

/** Base class of our errors. `code` is stable: pages, logs, programs and tests rely on it. */
export class AccountLinkingError<Code extends string = string> extends Error {
  /**
   * @param code - What went wrong.
   * @param message - For the log or the terminal, without secrets and email addresses; by default the code.
   * @param options - `cause`: the error that led to this one.
   */
  constructor(
    readonly code: Code,
    message: string = code,
    options?: { cause?: unknown },
  ) {
    super(message, options)
  }
}

/** A request that the service refuses or cannot carry out. */
export class LinkingError extends AccountLinkingError<LinkingErrorCode> {
  override readonly name = 'LinkingError'
  readonly details: ErrorDetails

  /**
   * @param code - What went wrong.
   * @param options - `cause`, and details of the HTTP response.
   */
  constructor(code: LinkingErrorCode, { cause, ...details }: ErrorDetails & { cause?: unknown } = {}) {
    super(code, code, cause === undefined ? undefined : { cause })
    this.details = details
  }
}
