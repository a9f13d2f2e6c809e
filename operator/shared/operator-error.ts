import { AccountLinkingError } from '../../core/errors'

/** Why a command refuses to run, or fails. */
export type OperatorErrorCode =
  | 'bad_settings'
  | 'build_failed'
  | 'cancelled'
  | 'conflict'
  | 'confirmation_needed'
  | 'deployment_failed'
  | 'feature_unavailable'
  | 'management_failed'
  | 'missing_scope'
  | 'missing_settings'
  | 'not_authorized'
  | 'not_provisioned'
  | 'nothing_to_roll_back'
  | 'rotation_waiting'
  | 'service_not_ready'
  | 'state_unreadable'
  | 'tenant_unreachable'

/** A command cannot continue. `code` is stable and listed in docs/provision.md; the message contains no secret. */
export class OperatorError extends AccountLinkingError<OperatorErrorCode> {
  override readonly name = 'OperatorError'
}
