/**
 * What each code means to an operator, and how to fix the problem. The tables of codes in `docs/` are generated from this.
 * The sentences that people read on pages are in `messages/`.
 * @module
 */
import type {
  LinkFailure,
  LinkingErrorCode,
  LinkRefusal,
  SettingsRefusal,
  UnlinkRefusal,
} from '@/core/errors'

/** The texts for one code, in Markdown. Links are relative to the document that contains the table. */
export interface CodeEntry {
  /** What happened. */
  what: string
  /** How to fix the problem; empty if there is nothing to do. */
  fix: string
}

/** Codes of the pages under `/link`, of the sign-in page, and of the page "Sign-in methods" if they mean the same there. */
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
    what: "With Auth0's sample Actions: the link would lose roles, permissions, memberships or factors that the operator does not let go, or that cannot be read although there is a rule; or with the newer one, both ids contain several bars, and that Action cuts them",
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

/** Refusals on the page "Sign-in methods" that mean the same as in the Action's log. */
export const SHARED_REASONS = [
  'email_mismatch',
  'untrusted_connection',
  'several_identities',
  'both_provisioned',
  'metadata_too_large',
  'roles_lost',
  'permissions_lost',
  'memberships_lost',
  'factors_lost',
  'rights_unread',
  'rights_too_many',
  'adoption_refused',
  'decision_changed',
] as const satisfies LinkRefusal[]

type OwnSettingsCode =
  | Exclude<SettingsRefusal, LinkingErrorCode | (typeof SHARED_REASONS)[number]>
  | UnlinkRefusal
  | 'reauth_required'

/** Further codes of the page "Sign-in methods", beyond {@link PAGE_CODES} and {@link SHARED_REASONS}. */
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
    what: 'One of the accounts has a key of `REFUSE_APP_METADATA_KEYS` in its `app_metadata`. In the console: it has rights or a second factor, or belongs to an operator',
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
  roles_lost: {
    what: 'The account that ends holds a role that the other one lacks',
    fix: 'Give the role to both, or decide on `ROLES`',
  },
  permissions_lost: {
    what: 'The account that ends holds a permission directly that the other one lacks',
    fix: 'Give the permission to both, or decide on `PERMISSIONS`',
  },
  memberships_lost: {
    what: 'The account that ends is a member of an organization, or has a role there, that the other one lacks; or with `MEMBERSHIPS=carry`, the account could sign in to it through none of its connections',
    fix: 'Make both members, enable a connection for the organization, or decide on `MEMBERSHIPS`',
  },
  factors_lost: {
    what: 'The account that ends has a kind of second factor, or a passkey, that the other one lacks',
    fix: 'Ask the person to enroll one there, or decide on `FACTORS`',
  },
  rights_unread: {
    what: 'One of `ROLES`, `PERMISSIONS`, `MEMBERSHIPS` and `FACTORS` is set, and a scope to read what it is about is missing',
    fix: 'Grant the [scopes](reference/rights.md#scopes) with `npm run provision -- apply`, or take the option away',
  },
  rights_too_many: {
    what: 'The account that stays would hold more than 50 roles, 1,000 permissions or five more organizations, or the ids of what the other one holds take more than 2,000 bytes',
    fix: 'Take away what is not needed',
  },
  busy: {
    what: 'The page was giving an account back its metadata at that moment, after the person disconnected it. Over within an hour',
    fix: '',
  },
  adoption_refused: {
    what: 'The application at `ADOPTION_URL` did not answer with 2xx within three seconds',
    fix: 'See its log and [adoption](reference/adoption.md)',
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
    what: 'A rate limit, a 5xx or a time-out lasted longer than the 15 s',
    fix: "Look at the tenant's limits",
  },
  outcome_unknown: {
    what: 'The answer to the link was lost, and so were the reads after it. If the account of this login was to become part of the other, the login ends with "Please sign in once more."',
    fix: 'Sign in again: the link is there, or is offered again',
  },
}
