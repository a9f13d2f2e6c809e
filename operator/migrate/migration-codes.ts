/**
 * What each error code of `npm run migrate:extension` means. The table in `docs/migrate/account-link-extension.md` is
 * generated from this.
 * @module
 */
import type { MigrationErrorCode } from '@/operator/migrate/migration-error'

/** What is wrong, by code. */
export const MIGRATION_CODES: Record<MigrationErrorCode, string> = {
  bad_arguments: 'A flag is unknown or lacks its file, or `--settings` is missing',
  bad_locales: 'The languages are not what the extension exports; the message names the fields',
  bad_settings: 'The settings are not what the extension exports; the message names the fields',
  file_exists: 'The file for `--out` exists already',
  file_unreadable: 'The file cannot be read',
  file_unwritable: 'The file for `--out` cannot be written',
  not_json: 'The file is not JSON',
}
