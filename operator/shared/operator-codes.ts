/**
 * What each error code of the commands means, and how to fix the problem. A table in `docs/` is generated from this.
 * @module
 */
import type { CodeEntry } from './code-catalogue'
import type { OperatorErrorCode } from './operator-error'

/** Codes of `npm run provision`. */
export const PROVISION_CODES: Record<OperatorErrorCode, CodeEntry> = {
  bad_settings: {
    what: 'A value cannot be used, or cannot be written so that every reader reads the same',
    fix: 'The sentence names the variable',
  },
  build_failed: {
    what: 'The tenant did not build the Action within two minutes',
    fix: 'Look at the Action in the dashboard; run `apply` again',
  },
  cancelled: { what: 'You said no', fix: '' },
  confirmation_needed: { what: 'There is no terminal to ask at', fix: 'Pass `--yes`' },
  conflict: {
    what: "Something that is not ours has the name of ours, or the service's file says something else than the tenant or you",
    fix: 'As the sentence says; nothing was changed',
  },
  deployment_failed: {
    what: "The tenant did not finish the Action's deployment within two minutes, or gave up; logins go on with the version before, and the Action is not bound",
    fix: 'As for `build_failed`',
  },
  feature_unavailable: {
    what: 'The tenant refuses something because its plan lacks it, or because Auth0 removed it; no scope helps',
    fix: "Auth0's sentence says which",
  },
  management_failed: {
    what: 'The Management API refused',
    fix: 'Its own sentence follows; run the command again once that is fixed',
  },
  missing_scope: { what: 'The token lacks a scope', fix: 'Grant the [scopes](#scopes) it names' },
  missing_settings: { what: 'There is no one to ask', fix: 'Set the variables it names' },
  not_authorized: {
    what: 'The tenant gave no token, or refused it',
    fix: 'Compare the client id, its secret and its grant for the Management API',
  },
  not_provisioned: { what: 'There is nothing to rotate', fix: 'Run `apply` first' },
  nothing_to_roll_back: {
    what: 'No `apply` is known in this folder',
    fix: 'Run it in the folder with `.account-linking/`',
  },
  rotation_waiting: {
    what: 'Logins that began with the old secret may still be under way',
    fix: 'Run `rotate` after the time it names',
  },
  service_not_ready: {
    what: 'The running service does not take both secrets',
    fix: 'Deploy it with the file, then run `rotate` again',
  },
  state_unreadable: {
    what: 'The file in `.account-linking/` was changed',
    fix: 'Restore it, or move it away: the command can then not take back what was applied before',
  },
  tenant_unreachable: { what: 'The tenant did not answer', fix: 'Check the domain' },
}
