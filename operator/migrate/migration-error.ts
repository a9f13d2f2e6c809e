import { AccountLinkingError } from '../../core/errors'

/** Why a migration is refused. */
export type MigrationErrorCode =
  | 'bad_arguments'
  | 'bad_locales'
  | 'bad_settings'
  | 'file_exists'
  | 'file_unreadable'
  | 'file_unwritable'
  | 'not_json'

/**
 * The command cannot continue. `code` is stable and listed in docs/migrate/account-link-extension.md. The message begins
 * with the code, and names files and fields but never a field's value.
 */
export class MigrationError extends AccountLinkingError<MigrationErrorCode> {
  override readonly name = 'MigrationError'

  /**
   * @param code - What is wrong.
   * @param what - The file or the fields.
   */
  constructor(code: MigrationErrorCode, what: string) {
    super(code, `${code}: ${what}`)
  }
}
