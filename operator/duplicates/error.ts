import { AccountLinkingError } from '../../core/errors'

/** Why a command of `npm run duplicates` cannot go on. */
export type DuplicatesErrorCode =
  | 'bad_arguments'
  | 'bad_rule'
  | 'duckdb_missing'
  | 'export_failed'
  | 'file_truncated'
  | 'file_unreadable'
  | 'mail_not_configured'
  | 'no_plan'
  | 'not_found'
  | 'nothing_scanned'

/** A command cannot go on. `code` is stable and listed in docs/duplicates.md; the message holds no address. */
export class DuplicatesError extends AccountLinkingError<DuplicatesErrorCode> {
  override readonly name = 'DuplicatesError'
}
