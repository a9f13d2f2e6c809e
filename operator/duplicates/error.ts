import { AccountLinkingError } from '../../core/errors'

/** Codes that say why a command of `npm run duplicates` cannot continue. */
export type DuplicatesErrorCode =
  | 'already_running'
  | 'bad_arguments'
  | 'bad_rule'
  | 'duckdb_missing'
  | 'environment_unusable'
  | 'export_failed'
  | 'file_truncated'
  | 'file_unreadable'
  | 'mail_not_configured'
  | 'no_plan'
  | 'not_found'
  | 'nothing_scanned'
  | 'operator_links_off'
  | 'other_policy'
  | 'other_tenant'
  | 'plan_changed'
  | 'plan_not_approved'
  | 'plan_too_old'

/** A command cannot continue. `code` is stable and listed in docs/duplicates.md; the message contains no email address. */
export class DuplicatesError extends AccountLinkingError<DuplicatesErrorCode> {
  override readonly name = 'DuplicatesError'
}
