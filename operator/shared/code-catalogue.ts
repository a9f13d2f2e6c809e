/**
 * What each code means to an operator, and what to do about it. Tables of codes in `docs/` are written from it.
 * The sentences that people read on pages are elsewhere, in the messages of their language.
 * @module
 */
import type {
  LinkFailure,
  LinkingErrorCode,
  LinkRefusal,
  SettingsRefusal,
  UnlinkRefusal,
} from '@/core/errors'
import type { OperatorErrorCode } from '@/operator/shared/operator-error'

/** Text in Markdown; links are relative to the page that has the table. */
export interface CodeEntry {
  /** What happened. */
  what: string
  /** What to do about it; empty if there is nothing to do. */
  fix: string
}

/** Codes of pages under `/link`, of the sign-in page, and of the page "Sign-in methods" if it says the same. */
export const PAGE_CODES: Record<LinkingErrorCode, CodeEntry> = {
  missing_token: {
    what: 'Someone opened `/link` without `session_token`',
    fix: 'Start a sign-in at an application. If it always happens, check `ACCOUNT_LINKING_SERVICE_URL`',
  },
  missing_state: {
    what: 'Someone opened `/link` without `state`, which the tenant adds',
    fix: 'As for `missing_token`',
  },
  bad_state: {
    what: '`state` is longer than 4,096 bytes or holds characters that cannot be given back',
    fix: 'Look for something between tenant and service that changes the address',
  },
  bad_token: {
    what: "The token's signature, issuer, shape or lifetime is wrong; or it is dated more than an hour ahead; or it has the documented shape under `LINK_CONTRACT=strict`; or an answer does not belong to its flow",
    fix: "Compare `SESSION_TOKEN_SHARED_SECRET` on both sides, and `AUTH0_DOMAIN` and `AUTH0_MANAGEMENT_DOMAIN` with the tenant's hosts. One alone is someone trying",
  },
  bad_request: {
    what: 'A parameter came twice, a form is malformed or larger than 32 kB (413), or a program that previews links called',
    fix: 'Look for proxies that rewrite requests',
  },
  expired: {
    what: 'The token is past its life, or the flow was idle for 15 minutes or open for 30',
    fix: 'Use the button on the page. If fresh tokens expire, compare the clocks',
  },
  clock: {
    what: "The token is genuine but dated 30 seconds to an hour in the future: the tenant's clock is ahead of the service's. No link is made until they agree",
    fix: "Correct the service's clock (NTP, a suspended machine); `clock_off` in the log has the seconds. Logins go on, and links come back by themselves",
  },
  already_used: {
    what: 'The token, the flow or the second authorization was used before',
    fix: 'Close the page, or sign in again. After a double press, use the button on the page: it sends the same answer again. If it rises suddenly, look for a proxy that repeats requests',
  },
  no_flow: {
    what: 'This browser has no open flow: it is another browser, or a callback that belongs to nothing, or a window inside another app that keeps no cookies (which gets a button to go on without linking, for a minute). On the sign-in page: the same for a sign-in',
    fix: 'Start again in one browser. With several instances, compare `FLOW_SECRET`; look for a proxy that drops cookies',
  },
  csrf: {
    what: "The form came from another origin, or from another flow's page",
    fix: 'Use the buttons of the page. If it always happens, `APP_BASE_URL` is not the address that people see',
  },
  wrong_account: {
    what: 'The person signed in to another account than the one asked for',
    fix: 'Try again, or go on without linking',
  },
  same_account: {
    what: 'The person signed in to the account that they already use',
    fix: 'As for `wrong_account`',
  },
  bad_id_token: {
    what: 'The ID token of the second authorization did not verify',
    fix: 'The linking client must sign with RS256; compare the clocks',
  },
  bad_issuer: {
    what: "The answer or the tenant's metadata named another issuer or foreign endpoints, or the metadata lacks PKCE with S256",
    fix: '`AUTH0_DOMAIN` must list the domains at which people sign in',
  },
  reauth_required: {
    what: 'The tenant did not ask the person to sign in again',
    fix: 'Try again. If it rises suddenly, look for Actions or settings that change `max_age` or `prompt`',
  },
  mfa_required: {
    what: 'The other account has a second factor, and the person did not use it',
    fix: 'Allow a second factor for the linking client',
  },
  unverified: {
    what: "The proven account's email address is not verified",
    fix: 'Verify it, then sign in again',
  },
  not_available: {
    what: 'The tenant says that the other account is blocked',
    fix: 'Unblock it, or go on without linking',
  },
  not_linkable_here: {
    what: "With Auth0's newer sample Action: both ids contain several bars, and that Action cuts them",
    fix: "Use this project's Action",
  },
  sign_in_failed: {
    what: 'The second sign-in was cancelled or refused. On the sign-in page: that sign-in was',
    fix: "Try again. Look at the tenant's log; check client id, secret, callback address and enabled connections",
  },
  tenant_unreachable: {
    what: 'The tenant did not answer in time',
    fix: "Try again; look at `/readyz` and the tenant's status page",
  },
  rate_limited: {
    what: 'The same account, flow or sign-in did this more often than the [limits](reference/http.md#limits) allow',
    fix: 'Wait as long as `Retry-After` says, or go on without linking',
  },
  method_not_allowed: {
    what: 'The route does not take this method',
    fix: 'A program called; no page of ours does',
  },
  not_found: {
    what: 'There is no such page. On the page "Sign-in methods": the account was removed or became part of another one',
    fix: 'Sign in again',
  },
  internal: {
    what: 'An unforeseen error',
    fix: 'Find the reference number in the log, look at `cause`, and report it',
  },
  store_unavailable: {
    what: 'Redis is configured and does not answer, so the service cannot tell whether this step was used before or who else is at work',
    fix: 'Try again, or go on without linking; look for `store_lost` in the log and at `/readyz`',
  },
}

/** Refusals of the page "Sign-in methods" that mean the same as in the Action's log. */
export const SHARED_REASONS = [
  'email_mismatch',
  'untrusted_connection',
  'several_identities',
  'both_provisioned',
  'metadata_too_large',
  'decision_changed',
] as const satisfies LinkRefusal[]

type OwnSettingsCode =
  | Exclude<SettingsRefusal, LinkingErrorCode | (typeof SHARED_REASONS)[number]>
  | UnlinkRefusal
  | 'reauth_required'

/** Codes of the page "Sign-in methods", beside those above. */
export const SETTINGS_CODES: Record<OwnSettingsCode, CodeEntry> = {
  blocked: { what: 'One of the accounts is blocked', fix: 'Unblock it' },
  reauth_required: {
    what: 'The last sign-in is too old for this step, or the identities of the account changed since this session began',
    fix: 'Sign in again',
  },
  own_factor_required: {
    what: "The person's account has a second factor and the session began without it; or, as `mfa_required`, another sign-in came back without it",
    fix: 'Sign in again with the factor',
  },
  step_up_without_factor: {
    what: 'The same twice in a row, although the page asked for the factor (`acr_values`). It asks no more until the next sign-in',
    fix: "Check the tenant's MFA policy and factors, or let an Action call `api.multifactor.enable` for `acr_values`",
  },
  own_unverified: {
    what: "The email address of the person's own account is not confirmed",
    fix: 'Press "Send the mail again" on the page, and open the link in the mail; this needs `update:users`',
  },
  mail_limit: { what: 'That mail was sent three times within the hour', fix: 'Wait' },
  not_linked: {
    what: 'The identity to disconnect is not, or no longer, one of the account',
    fix: 'Reload the page',
  },
  primary_identity: { what: 'The primary identity cannot be disconnected', fix: '' },
  last_way_in: {
    what: 'No other usable way to sign in would be left: its connection is not enabled for the app, its identity is blocked, or it has no email address',
    fix: 'Connect another one first; enable the connection',
  },
  belongs_to_another: {
    what: 'The identity that signed in is part of another account',
    fix: 'Sign in to that account and disconnect it there',
  },
  unknown_connection: {
    what: 'The connection is not among those offered',
    fix: "Compare `CONNECT_CONNECTIONS`, `BLOCKED_CONNECTIONS` and the linking client's connections",
  },
  restricted: {
    what: 'One of the accounts has a key of `REFUSE_APP_METADATA_KEYS` in its `app_metadata`',
    fix: 'Decide whether it should have it',
  },
  changed: { what: 'The accounts are no longer as the page showed them', fix: 'Read it again' },
  busy: { what: 'Another change to these accounts is under way', fix: 'Try again' },
  outdated: {
    what: 'The form was of a page that another build had made',
    fix: 'Press again. To have such forms taken, set `NEXT_SERVER_ACTIONS_ENCRYPTION_KEY` for every build',
  },
  management_failed: {
    what: 'The Management API refused or sent something unreadable, or its rate limit lasted longer than 8 s. A later view finishes or takes back what was begun',
    fix: 'Check `MANAGEMENT_API_CLIENT_ID`, its secret and its grant; try again',
  },
  missing_scope: {
    what: 'The Management API answered 403',
    fix: 'Grant the [scope](configuration.md#scopes)',
  },
  link_refused: {
    what: 'The Management API refused the link for another reason',
    fix: "Look at the tenant's log",
  },
  outcome_unknown: {
    what: 'An answer was lost, and so were the reads after it',
    fix: 'Reload: the list shows what came of it',
  },
}

/** Reasons in the Action's log, `{"account_linking":"not_linked","reason":"…"}`. */
export const ACTION_REASONS: Record<LinkRefusal | LinkFailure, CodeEntry> = {
  same_account: { what: 'Both are one account by now', fix: '' },
  unverified: { what: 'One email address is no longer verified', fix: 'Verify it' },
  email_mismatch: { what: 'One email address changed in the meantime', fix: '' },
  blocked: { what: 'One account is blocked', fix: 'Decide whether it should be' },
  restricted: {
    what: 'One account now has a key of `ACCOUNT_LINKING_REFUSE_APP_METADATA_KEYS`',
    fix: 'Decide whether it should have it',
  },
  untrusted_connection: {
    what: 'The lists of connections changed in the meantime',
    fix: 'Compare the lists on both sides',
  },
  several_identities: {
    what: 'Both hold several identities; Auth0 does not say what happens to those of the account that ends',
    fix: 'Unlink one side first',
  },
  both_provisioned: { what: 'Both come from SCIM or directory sync, so they cannot be linked', fix: '' },
  not_available: { what: 'One account was deleted, or its email address changed, in the meantime', fix: '' },
  metadata_too_large: {
    what: 'The snapshot would now exceed 3,000 bytes, or the profile 9,000',
    fix: 'Make the metadata smaller',
  },
  busy: {
    what: 'The page was giving an account back its metadata at that moment, after the person disconnected it. Over within an hour',
    fix: '',
  },
  decision_changed: {
    what: 'Another account would stay than the person was told; the next login asks again',
    fix: '',
  },
  missing_scope: {
    what: 'The Management API answered 403. These two accounts are not offered for `ACCOUNT_LINKING_DECLINE_DAYS`',
    fix: 'Grant `update:users` and `update:users_app_metadata`',
  },
  link_refused: {
    what: 'The Management API refused for another reason. These two accounts are not offered for `ACCOUNT_LINKING_DECLINE_DAYS`',
    fix: "Look at the tenant's log",
  },
  management_failed: {
    what: 'A rate limit, a 5xx or a time-out lasted longer than the 8 s',
    fix: "Look at the tenant's limits",
  },
  outcome_unknown: {
    what: 'The answer to the link was lost, and so were the reads after it. If the account of this login was to become part of the other, the login ends with "Please sign in once more."',
    fix: 'Sign in again: the link is there, or is offered again',
  },
}

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

/** Other lines of the Action's log, by the value of `account_linking`. */
export const ACTION_LINES: Record<string, string> = {
  secrets_missing: 'A needed secret is missing; the Action does nothing',
  list_entry_unreadable:
    'An entry of a connection list cannot be read; it grants nothing and forbids whatever it may mean',
  discover_failed: 'With a status or the name of an error: a call failed, and the login went on',
  resume_failed: 'With a status or the name of an error: a call failed, and the login went on',
  would_offer: 'In observe mode: the Action would have asked',
  service_not_offering: '`/healthz` did not answer within a second, or offers are off',
  answer_not_valid: 'There was no answer, or it did not verify; the login went on',
  answer_impossible: 'The answer verified but names what was never offered; the Action refused the login',
  declined: 'The person declined',
  linked: 'The accounts are linked',
  webhook_failed: 'The event could not be sent',
}

/** Lines of the service's log, by `event`; links are relative to `docs/reference/`. */
export const LOG_LINES: Record<string, string> = {
  started: 'once, with how used tokens are remembered',
  flow_opened: 'a prompt is about to appear: `flow`, `user`, `contract`, `candidates`',
  flow_proven: 'the person signed in to the other account: `flow`',
  flow_answered: 'an answer goes to the tenant: `flow`, `result`, `never`, `user`',
  login_continued: 'a login goes on without a prompt; with `cause` if Redis did not answer',
  store_lost:
    'Redis does not answer, or refuses: `cause`, such as `ECONNREFUSED`, `ETIMEDOUT`, `WRONGPASS`, `OOM`. Once, until it is back',
  store_back: 'it answers again, writes included',
  refused: 'an error page: `code`, `cause`',
  clock_off:
    "`level` is `alert`: the tenant's clock is `ahead` by so many seconds, so links are refused (`clock`). At most once a minute",
  counters_lost: 'the collector does not take [counters](../operate.md#counters); once, until it does again',
  counters_back: 'the collector takes counters again',
  connection_name_bare:
    'at start: a list names a [connection without its strategy](../configuration.md#lists-of-connections)',
  brand_unread:
    'pages show the brand without a part that could not be read, once for each reason: `what`, and `code` (`no_scope_…`, `status_…`, `timeout`, `unreachable`, `malformed`; of a picture also `not_https`, `address_refused`, `image_refused`, `image_too_large`, `status`) ([brand](brand.md#how-it-is-read))',
  connection_names_unread:
    'pages name connections as the tenant does, because their display names could not be read',
  another_sign_in:
    'a sign-in arrived that the waiting flow of this browser does not know; it goes on by a click: `user`',
  linking_client_not_excluded: "the linking client's metadata is missing",
  sign_in_failed: 'a sign-in to the page "Sign-in methods" failed: `code`, `cause`',
  account_event: 'an event: [fields](../events.md#log)',
  webhook_failed: 'an attempt to send an event failed: [fields](../events.md#log)',
  event_lost: 'an event is not sent any more: [fields](../events.md#log)',
  account_not_read: 'the page could not read the account: `code`, `status`',
  api_refused: '`GET /api/sign-in-methods` gave no list: [`code`](in-your-apps.md#refusals)',
  page_incomplete: 'the page could not read what goes beside the account: `code`, `status`',
  way_back_ignored:
    'the page shows no link back to the application that an address names: [`reason`](sign-in-methods.md#back-to-the-application)',
  settings_refused: 'a step of the page was not done: `code`',
  not_given_back:
    'metadata was not given back to an account; a later view tries again, or it is withheld for the operator: `code`, `status`',
  not_removed: 'an account that the person asked to remove is still there: `code`, `status`',
  not_tidied: 'a view could not finish what was interrupted; a later one tries again: `code`',
  access_not_ended: 'sessions or refresh tokens could not be ended yet: `code`',
}
