/**
 * What each code of `npm run duplicates` means, and what to do about it. docs/duplicates.md has a table generated from this.
 * @module
 */
import type { CodeEntry } from '../shared/code-catalogue'
import type { DuplicatesErrorCode } from './error'

/** Codes of `npm run duplicates`, besides those of the [Management API](provision.md#codes). */
export const DUPLICATES_CODES: Record<DuplicatesErrorCode, CodeEntry> = {
  already_running: {
    what: 'Another command works with this folder',
    fix: 'Wait until it ends. If it does not run any more and another program got its process id, remove the file `lock`',
  },
  bad_arguments: { what: 'The command does not take these arguments', fix: 'As the sentence says' },
  bad_rule: { what: 'The file of `--rule` cannot be used', fix: 'The sentence names the field' },
  duckdb_missing: {
    what: 'The package that reads exports is not installed',
    fix: 'Run `npm install --no-save @duckdb/node-api` with the version that `package.json` names',
  },
  environment_unusable: {
    what: "The service's environment is incomplete, or `LINKING_AUTHORITY` is `user`, with which no command may write",
    fix: 'The sentence names the variables',
  },
  export_failed: {
    what: 'The tenant did not finish the export job',
    fix: 'Run `scan` again: it starts another',
  },
  file_truncated: {
    what: 'A file ends in the middle, or is damaged',
    fix: 'Download it again, or pass `--partial` to go on with its whole lines',
  },
  file_unreadable: { what: 'A file is missing or cannot be read', fix: 'Look at its path and its rights' },
  mail_not_configured: {
    what: '`--mail` was given, and the environment names no mail server',
    fix: 'Set [`SMTP_URL` and `MAIL_FROM`](reference/mail.md), or leave `--mail` out',
  },
  no_plan: { what: 'There is no plan in the folder', fix: 'Run `plan --rule FILE` first' },
  not_found: { what: 'No group has that key or account', fix: 'Look into `groups.ndjson`' },
  nothing_scanned: { what: 'The folder holds no accounts', fix: 'Run `scan` first' },
  operator_links_off: {
    what: 'Links that no one has proven are off',
    fix: 'Read [what you vouch for](security.md#links-that-an-operator-makes), then set `OPERATOR_LINKS=on` for the command',
  },
  other_policy: {
    what: "The rules of the service's environment are not those that the plan was made by",
    fix: 'Run `plan` again, and approve the new plan',
  },
  other_tenant: {
    what: 'The plan was made for another tenant',
    fix: 'Look at `--out` and at the environment',
  },
  plan_changed: {
    what: 'The files of the plan are not as `plan` wrote them',
    fix: 'Run `plan` again, and approve the new plan',
  },
  plan_not_approved: {
    what: '`--plan-id` names another plan',
    fix: 'Pass the id that `plan` printed, once you have looked at the sample',
  },
  plan_too_old: { what: 'The plan is older than 14 days', fix: 'Run `scan` and `plan` again' },
}
