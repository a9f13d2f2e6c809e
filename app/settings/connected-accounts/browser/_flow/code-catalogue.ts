/**
 * What each error code of the page means to an operator. The table in `docs/reference/browser-linking.md` is generated from this.
 * @module
 */
import type { BrowserLinkingCode } from './code'

/** What happened, and what to do about it. With every code except `outcome_unknown`, nothing was changed. */
export const BROWSER_LINKING_CODES: Record<BrowserLinkingCode, { what: string; fix: string }> = {
  popup_blocked: { what: 'The browser opened no window', fix: 'Allow windows for this page' },
  popup_closed: {
    what: 'The window was closed early. If it always closes, or stays open while the page says this, a page on the way sends a `Cross-Origin-Opener-Policy` of its own',
    fix: 'Use another provider, or Sign-in methods',
  },
  popup_timeout: { what: 'The sign-in took longer than ten minutes', fix: 'Try again' },
  sign_in_failed: {
    what: 'The tenant refused',
    fix: "Check the tenant's log, grant type, callback and connections",
  },
  bad_id_token: {
    what: 'The answer was not accepted, or its key could not be fetched',
    fix: 'Check RS256, Allowed Web Origins, and that the browser reaches the tenant',
  },
  reauth_required: {
    what: 'The person did not sign in again',
    fix: 'Look for Actions or settings that change `max_age` or `prompt`',
  },
  same_account: { what: 'Both sign-ins were to one account', fix: 'Use another account' },
  unverified: { what: 'A password account has an address that is not verified', fix: 'Verify it' },
  email_mismatch: {
    what: 'The addresses differ, and `CONNECT_DIFFERENT_EMAIL` is `off`',
    fix: 'Use another account',
  },
  untrusted_connection: { what: 'The provider is one of `BLOCKED_CONNECTIONS`', fix: 'Use another account' },
  belongs_to_another: {
    what: '409: the other account is part of another one now',
    fix: 'Use another account',
  },
  link_refused: { what: '400 or 404', fix: "Look at the tenant's log" },
  expired: { what: '401: the access token expired', fix: 'Start again' },
  missing_scope: { what: '403', fix: 'Allow the client `update:current_user_identities`' },
  rate_limited: { what: '429', fix: 'Wait a minute, press again' },
  tenant_unreachable: {
    what: 'No answer, or an unreadable one; the account was read, and the link is not there',
    fix: 'Press again; check Allowed Web Origins',
  },
  internal: { what: 'The browser could not load auth0.js', fix: 'Reload' },
  outcome_unknown: {
    what: 'No answer, and none to the read after it; or the person left the page meanwhile',
    fix: 'Look at the sign-in methods, or start again: linking what is linked changes nothing',
  },
}
